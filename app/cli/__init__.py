"""The command line: one file a noun; `main` ties them together."""
