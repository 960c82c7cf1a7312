"""A stand-in for Wikimedia: Wikipedia's search and the page views. Its numbers are invented."""

from tests.simulators.wikimedia.simulator import WikimediaSimulator, expected_pages
from tests.simulators.wikimedia.views import expected_views

__all__ = ["WikimediaSimulator", "expected_pages", "expected_views"]
