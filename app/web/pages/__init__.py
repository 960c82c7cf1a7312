"""One file a page: its state and its view."""
