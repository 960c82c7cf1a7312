"""``python -m tests.simulators.searchad --port 9998``: the simulator, run by hand."""

from tests.simulators.searchad.simulator import SearchAdSimulator

SearchAdSimulator.main()
