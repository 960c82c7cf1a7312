"""A receiver of webhooks: ``python -m tests.simulators.receiver``. It checks what comes as Standard
Webhooks has it, with code of its own."""

from tests.simulators.receiver.simulator import Got, Receiver

__all__ = ["Got", "Receiver"]
