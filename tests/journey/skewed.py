"""Workers of a host whose clock is ahead by so many seconds: ``python -m tests.journey.skewed SECONDS worker …``."""

import sys
import time

from app import clock
from workers import main

if __name__ == "__main__":
    ahead_ns = int(float(sys.argv.pop(1)) * 1e9)
    clock.host_ms = lambda: (time.time_ns() + ahead_ns) // 1_000_000
    sys.exit(main.main())
