"""What is left of quotas, and how the house does, in a person's words."""

from dataclasses import replace

from app.errors import WrongKey
from app.services.ops import Health
from app.web import health, quotas
from tests.face.overview_seen import NOON, WELL, account


def test_a_quota_is_told_with_what_is_left_and_when_it_returns() -> None:
    [one] = quotas.quotas([account()], {}, NOON, "en")

    assert (one.title, one.spent, one.quota, one.width, one.full) == ("Naver", "250", "1,000", "25.000%", "ok")
    assert one.left == "750 calls left · renewed 22 Nov 00:00 KST"
    assert (one.stopped, one.month_width) == ("", "")


def test_stopped_accounts_come_first_and_say_why() -> None:
    spent = account(key="naver/team", spent_today=1000, left_today=0)
    refused = account(key="naver/old", reason="credentials", trouble="bad_credentials", until=NOON)
    monthly = account(key="naver/hub", quota=None, left_today=None, monthly=1000, spent_month=900, left_month=100)
    free = account(key="wikipedia/default", upstream="wikipedia", quota=None, left_today=None)

    views = [account(), spent, refused, monthly, free]
    found = quotas.quotas(views, {"naver/bad": WrongKey(about="naver/bad")}, NOON, "en")

    assert [one.key for one in found] == ["naver/bad", "naver/old", "naver/team", "naver/hub", "naver/default"]
    assert [one.health for one in found] == ["fail", "fail", "wait", "ok", "ok"]
    assert [bool(one.stopped) for one in found] == [True, True, True, False, False]
    assert (found[3].quota, found[3].month_width, found[3].month_full) == ("", "90.000%", "below")
    assert found[2].full == "failed"


def test_health_says_what_is_unknown_instead_of_a_number() -> None:
    away = health.signs(Health(database=True, database_ms=2.0, troubles=("redis_down",)), "en")

    assert [(one.key, one.kind) for one in away] == [
        ("workers", "unknown"),
        ("queue", "unknown"),
        ("scheduler", "unknown"),
        ("redis", "fail"),
        ("database", "ok"),
    ]
    assert not any(char.isdigit() for one in away[:4] for char in one.value)


def test_health_names_what_is_wrong() -> None:
    troubles = ("no_chores", "not_served", "credentials", "late_messages")
    found = replace(WELL, workers=0, queued=3, scheduler=False, database_ms=4_000.0, troubles=troubles)

    kinds = {one.key: one.kind for one in health.signs(found, "en")}

    assert kinds == {
        "workers": "fail",
        "queue": "fail",
        "scheduler": "fail",
        "redis": "ok",
        "database": "wait",
        "credentials": "fail",
        "late_messages": "wait",
    }


def test_a_queue_says_how_old_its_oldest_is() -> None:
    [_, one, *_] = health.signs(replace(WELL, queued=1, oldest_s=65.4), "en")
    assert one.value == "1 slice, oldest 1 min 5 s"


def test_an_account_that_was_slowed_down_is_a_sign() -> None:
    [one] = health.slowed([account(), account(rate_part=0.5), account(rate="", rate_part=1.0)], "en")
    assert (one.kind, one.value, one.address) == ("wait", "slowed down to 5.0/s", "/sources")
