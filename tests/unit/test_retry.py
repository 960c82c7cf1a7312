"""The rule about errors: every one ends, pauses are capped and spread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadCredentials, QuotaSpent, Rejected, Throttled, Unreachable, Unreadable, UpstreamError
from workers.retry import CAP_S, DOWN_CAP_S, SIT_OUT_S, Again, GiveUp, Halt, decide, down_for

KINDS: list[type[UpstreamError]] = [QuotaSpent, Throttled, BadCredentials, Unreachable, Rejected, Unreadable]


@given(st.sampled_from([Unreachable, Rejected, Unreadable]))
def test_every_lookup_ends(kind: type[UpstreamError]) -> None:
    attempts = 1
    while isinstance(decide(kind(), attempts), Again):
        attempts += 1

    assert attempts <= 5
    assert isinstance(decide(kind(), attempts), GiveUp)


@given(st.sampled_from(KINDS), st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_pauses_are_never_negative_and_never_beyond_the_cap(kind: type[UpstreamError], n: int, jitter: float) -> None:
    decision = decide(kind(), n, jitter)

    if isinstance(decision, Again):
        assert 0 <= decision.seconds <= CAP_S


@given(st.integers(1, 4))
def test_jitter_is_full_also_at_the_cap(attempts: int) -> None:
    none, most = decide(Unreachable(), attempts, 0.0), decide(Unreachable(), attempts, 0.999)

    assert isinstance(none, Again)
    assert isinstance(most, Again)
    assert none.seconds == 0
    assert most.seconds > 0


@given(st.floats(0, SIT_OUT_S))
def test_the_upstreams_own_word_about_waiting_is_kept(seconds: float) -> None:
    decision = decide(Throttled(retry_after=seconds), 1)

    assert decision == Again(seconds, counts=False), "being told to wait is no attempt"


@pytest.mark.parametrize(("kind", "reason"), [(QuotaSpent, "quota"), (BadCredentials, "credentials")])
def test_what_concerns_the_account_halts_the_source_and_fails_no_lookup(kind: type[UpstreamError], reason: str) -> None:
    decision = decide(kind(), 99)

    assert isinstance(decision, Halt)
    assert decision.reason == reason


def test_an_upstream_that_is_down_is_left_alone_longer_and_longer() -> None:
    assert [down_for(n) for n in range(7)] == [1, 2, 4, 8, 16, DOWN_CAP_S, DOWN_CAP_S]
