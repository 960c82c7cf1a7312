"""A stand-in for Hacker News' search. Its numbers are invented."""

from tests.simulators.hackernews.simulator import APPROXIMATE_FROM, HackerNewsSimulator, expected_stories

__all__ = ["APPROXIMATE_FROM", "HackerNewsSimulator", "expected_stories"]
