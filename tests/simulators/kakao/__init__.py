"""A stand-in for Kakao's search API: ``python -m tests.simulators.kakao``. Its numbers are invented."""

from tests.simulators.kakao.simulator import KakaoSimulator, expected_total

__all__ = ["KakaoSimulator", "expected_total"]
