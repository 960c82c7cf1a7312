"""``python -m tests.simulators.hackernews --port 9997``: the simulator, run by hand."""

from tests.simulators.hackernews.simulator import HackerNewsSimulator

HackerNewsSimulator.main()
