"""A stand-in for Naver's search API, both platforms; see ../README.md. Its numbers are invented."""

from tests.simulators.naver.faults import Fault
from tests.simulators.naver.simulator import NaverSimulator
from tests.simulators.naver.totals import expected_total

__all__ = ["Fault", "NaverSimulator", "expected_total"]
