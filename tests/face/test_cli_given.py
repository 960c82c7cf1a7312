"""What a person gives to a command: ages and moments. No house is needed."""

import time

import pytest

from app import clock
from app.cli import given
from app.errors import BadValue

NOW = 1_795_244_400_000  # 2026-11-21T07:00Z
HOUR = 3_600_000


@pytest.fixture(autouse=True)
def seoul(monkeypatch):
    """This machine is in Seoul, and stands still."""
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    with clock.frozen(NOW):
        yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(("age", "seconds"), [("0", 0), ("90", 90), ("90s", 90), ("30m", 1800), (" 12H ", 43_200)])
def test_an_age_is_a_span(age, seconds):
    assert given.seconds(age) == seconds


@pytest.mark.parametrize(
    ("deadline", "at"),
    [
        ("", None),
        ("2h", NOW + 2 * HOUR),
        ("3D", NOW + 72 * HOUR),
        ("90s", NOW + 90_000),
        ("2026-11-22T09:00", NOW + 17 * HOUR),  # in Seoul
        ("2026-11-22 09:00", NOW + 17 * HOUR),
        ("2026-11-22T09:00Z", NOW + 26 * HOUR),
        ("2026-11-22t09:00z", NOW + 26 * HOUR),
        ("2026-11-22T09:00+01:00", NOW + 25 * HOUR),
        ("2026-11-22", NOW + 8 * HOUR),
    ],
)
def test_a_deadline_is_a_moment_of_this_machine_or_a_span_from_now(deadline, at):
    assert given.moment(deadline) == at


@pytest.mark.parametrize(
    "deadline", ["soon", "-2h", "2", "2w", "h", "2026-13-01", "26-11-22", "09:00", "0001-01-01", "2026-11-22T09:00 KST"]
)
def test_what_is_no_moment_is_told_how_to_write_one(deadline):
    with pytest.raises(BadValue, match="2026-11-22T09:00, or as a span"):
        given.moment(deadline)


@pytest.mark.parametrize("deadline", ["0h", "2026-11-21T15:59", "2037-01-01", "9999-12-31T23:59:59Z", "999999999d"])
def test_a_deadline_that_nobody_can_mean_is_refused(deadline):
    with pytest.raises(BadValue, match="moment to come, within ten years"):
        given.moment(deadline)
