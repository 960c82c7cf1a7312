"""``python -m app``: the command line."""

import sys
from importlib import import_module

if __name__ == "__main__":
    if sys.argv[1:2] == ["alive"]:
        # Asked for every few seconds, all day, on every machine: without the rest of the command line.
        sys.exit(import_module("app.cli.alive").main(sys.argv[2:]))
    import_module("app.cli.main").run()
