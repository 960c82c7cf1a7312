"""What Keybatch promises in numbers, each as a ratio in one run, printed beside its goal: ``python -m bench``."""
