"""Face 1: HTTP. One file a noun in `routes`."""
