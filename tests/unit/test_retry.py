"""The rule about errors: every one ends, pauses are capped and spread, long ones are spent waiting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadCredentials, QuotaSpent, Rejected, Throttled, Unreachable, Unreadable, UpstreamError
from workers.retry import (
    ATTEMPTS,
    CAP_S,
    DOWN_CAP_S,
    SIT_OUT_S,
    Again,
    GiveUp,
    Halt,
    decide,
    down_for,
    in_doubt,
)

KINDS: list[type[UpstreamError]] = [QuotaSpent, Throttled, BadCredentials, Unreachable, Rejected, Unreadable]
kinds = st.sampled_from(KINDS)
failures = st.integers(1, 6) | st.integers(1, 10_000)
jitters = st.floats(0, 1, exclude_max=True)
short = st.none() | st.floats(0, SIT_OUT_S)
long = st.floats(SIT_OUT_S, 86_400, exclude_min=True)


@given(st.sampled_from([Unreachable, Rejected, Unreadable]), short)
def test_every_lookup_ends(kind: type[UpstreamError], asked: float | None) -> None:
    failed = 1
    while isinstance(decide(kind("", asked), failed), Again):
        failed += 1

    assert failed == ATTEMPTS.get(kind, 1)
    assert isinstance(decide(kind("", asked), failed), GiveUp)


@given(kinds, failures, short | long, jitters)
def test_pauses_are_never_negative_and_never_beyond_the_cap(
    kind: type[UpstreamError], n: int, asked: float | None, jitter: float
) -> None:
    decision = decide(kind("", asked), n, jitter)

    if isinstance(decision, Again):
        assert 0 <= decision.seconds <= CAP_S


@given(kinds, failures, jitters)
def test_a_pause_of_our_own_is_drawn_where_none_is_given(kind: type[UpstreamError], n: int, jitter: float) -> None:
    drawn, given_ = decide(kind(), n), decide(kind(), n, jitter)

    assert type(drawn) is type(given_)
    if isinstance(drawn, Again):
        assert 0 <= drawn.seconds <= CAP_S


@given(st.integers(1, 4))
def test_jitter_is_full_also_at_the_cap(failed: int) -> None:
    none, most = decide(Unreachable(), failed, 0.0), decide(Unreachable(), failed, 0.999)

    assert isinstance(none, Again)
    assert isinstance(most, Again)
    assert none.seconds == 0
    assert most.seconds > 0


@given(failures, st.floats(0, SIT_OUT_S))
def test_the_upstreams_own_word_about_waiting_is_kept(n: int, seconds: float) -> None:
    decision = decide(Throttled(retry_after=seconds), n)

    assert decision == Again(seconds, counts=False), "being told to wait is no attempt"


@given(st.sampled_from([Unreachable, Unreadable]), st.integers(1, 4), st.floats(0, SIT_OUT_S), jitters)
def test_a_failed_lookup_is_not_asked_again_before_the_upstream_wants_it(
    kind: type[UpstreamError], n: int, asked: float, jitter: float
) -> None:
    decision = decide(kind("", asked), n, jitter)

    if isinstance(decision, Again):
        assert decision.seconds >= asked
        assert decision.counts


@given(failures, short, jitters)
def test_too_fast_never_counts_and_never_fails_a_lookup(n: int, asked: float | None, jitter: float) -> None:
    decision = decide(Throttled("", asked), n, jitter)

    assert isinstance(decision, Again)
    assert not decision.counts


@given(st.sampled_from([(Throttled, "throttled"), (Unreachable, "upstream_down")]), failures, long)
def test_a_long_pause_is_spent_waiting_and_fails_no_lookup(
    expected: tuple[type[UpstreamError], str], n: int, asked: float
) -> None:
    kind, reason = expected

    assert decide(kind("", asked), n) == Halt(reason, asked)


def test_the_longest_pause_that_is_sat_out_is_sat_out() -> None:
    assert decide(Throttled("", SIT_OUT_S), 1) == Again(SIT_OUT_S, counts=False)
    assert decide(Unreachable("", SIT_OUT_S), 1, 0.0) == Again(SIT_OUT_S, counts=True)


@given(failures, short | long)
def test_what_concerns_the_account_halts_it_and_fails_no_lookup(n: int, asked: float | None) -> None:
    assert decide(QuotaSpent("", asked), n) == Halt("quota", asked)
    assert decide(BadCredentials("", asked), n) == Halt("credentials", None)


@given(failures, short | long)
def test_a_rejected_keyword_is_given_up_at_once(n: int, asked: float | None) -> None:
    assert decide(Rejected("", asked), n) == GiveUp()


@given(st.sampled_from([Unreachable, Unreadable]), failures, jitters)
def test_what_is_given_up_stays_given_up(kind: type[UpstreamError], n: int, jitter: float) -> None:
    gives_up = isinstance(decide(kind(), n, jitter), GiveUp)

    assert gives_up == (n >= ATTEMPTS[kind])


def test_only_what_may_be_the_upstreams_own_trouble_is_in_doubt() -> None:
    assert {kind for kind in KINDS if in_doubt(kind())} == {Unreachable}
    assert set(ATTEMPTS) == {Unreachable, Unreadable}, "all others are sure at once"


@pytest.mark.parametrize("kind", [Throttled, Unreachable])
def test_an_error_without_a_word_about_waiting_halts_nothing(kind: type[UpstreamError]) -> None:
    assert not any(isinstance(decide(kind(), n), Halt) for n in range(1, 20))


def test_an_upstream_that_is_down_is_left_alone_longer_and_longer() -> None:
    assert [down_for(n) for n in range(7)] == [1, 2, 4, 8, 16, DOWN_CAP_S, DOWN_CAP_S]


@given(st.integers(0, 10**9))
def test_an_upstream_is_never_left_alone_for_longer_than_the_cap(n: int) -> None:
    assert 1 <= down_for(n) <= down_for(n + 1) <= DOWN_CAP_S
