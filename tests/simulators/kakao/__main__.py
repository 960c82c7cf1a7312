"""``python -m tests.simulators.kakao --port 9999``: the simulator, run by hand."""

from tests.simulators.kakao.simulator import KakaoSimulator

KakaoSimulator.main()
