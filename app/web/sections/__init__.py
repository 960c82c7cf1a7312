"""The sections of the settings, a file each."""
