"""A simulated upstream that answers several keywords a call and names the keyword of each count."""

from tests.simulators.echo.counts import expected
from tests.simulators.echo.simulator import EchoSimulator
from tests.simulators.echo.source import SOURCE, echo_source

__all__ = ["SOURCE", "EchoSimulator", "echo_source", "expected"]
