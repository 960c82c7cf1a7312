"""A stand-in for Naver's Search Ads API, its keyword tool. Its numbers are invented."""

from tests.simulators.searchad.counts import expected_related, expected_volume
from tests.simulators.searchad.simulator import SearchAdSimulator

__all__ = ["SearchAdSimulator", "expected_related", "expected_volume"]
