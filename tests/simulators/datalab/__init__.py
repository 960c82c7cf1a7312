"""A stand-in for Naver's DataLab: ``python -m tests.simulators.datalab``. Its numbers are invented."""

from tests.simulators.datalab.simulator import DatalabSimulator
from tests.simulators.datalab.trends import expected_series, searches

__all__ = ["DatalabSimulator", "expected_series", "searches"]
