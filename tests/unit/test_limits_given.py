"""Limits that make no sense are refused where they are set, by name, with what would make sense."""

import pytest

from app.errors import BadSetting
from app.sources import registry
from tests.stage import environment

KEYS = {"KEYBATCH_NAVER_CLIENT_ID": "id", "KEYBATCH_NAVER_CLIENT_SECRET": "secret"}


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("RATE", "0/s", "above 0"),
        ("RATE", "fast", "Write calls per time"),
        ("RATE", "-1/s", "Write calls per time"),
        ("RATE", "10/fortnight", "Write calls per time"),
        ("DAILY_QUOTA", "0", "greater than or equal to 1"),
        ("DAILY_QUOTA", "-5", "greater than or equal to 1"),
        ("DAILY_QUOTA", "2020-01-01", "valid integer"),
        ("MONTHLY_QUOTA", "0", "greater than or equal to 1"),
        ("RESERVE", "-1", "greater than or equal to 0"),
        ("RESERVE", "25000", "Give less than the daily quota"),
        ("ZONE", "Asia/Soul", "no such time zone"),
        ("ZONE", "+09:00", "no such time zone"),
        ("CONCURRENCY", "0", "greater than or equal to 1"),
    ],
)
def test_a_limit_that_makes_no_sense_names_itself(name: str, value: str, says: str) -> None:
    with environment({**KEYS, f"KEYBATCH_NAVER_{name}": value}), pytest.raises(BadSetting) as refused:
        registry.upstreams()["naver"].account()

    assert refused.value.facts["name"] == f"KEYBATCH_NAVER_{name}"
    assert says in refused.value.sentence()


def test_what_is_given_goes_before_what_the_upstream_allows() -> None:
    given = {"DAILY_QUOTA": "500", "MONTHLY_QUOTA": "9000", "RESERVE": "50", "ZONE": "UTC"}
    with environment({**KEYS, **{f"KEYBATCH_NAVER_{name}": value for name, value in given.items()}}):
        budget = registry.upstreams()["naver"].account().budget

    assert (budget.quota, budget.monthly, budget.reserve, budget.zone) == (500, 9000, 50, "UTC")


def test_the_hub_counts_the_month_too() -> None:
    with environment({**KEYS, "KEYBATCH_NAVER_PLATFORM": "hub"}):
        budget = registry.upstreams()["naver"].account().budget

    assert (str(budget.rate), budget.quota, budget.monthly) == ("50/s", 25_000, 775_000)
