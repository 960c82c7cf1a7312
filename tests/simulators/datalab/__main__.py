"""``python -m tests.simulators.datalab --port 9999``: the simulator, run by hand."""

from tests.simulators.datalab.simulator import DatalabSimulator

DatalabSimulator.main()
