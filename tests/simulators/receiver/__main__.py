"""``python -m tests.simulators.receiver --port 9999``: the receiver, run by hand."""

from tests.simulators.receiver.simulator import Receiver

Receiver.main()
