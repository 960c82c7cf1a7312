"""``python -m tests.simulators.wikimedia --port 9998``: the simulator, run by hand."""

from tests.simulators.wikimedia.simulator import WikimediaSimulator

WikimediaSimulator.main()
