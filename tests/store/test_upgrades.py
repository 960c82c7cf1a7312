"""Every revision ever released comes up to today's with its rows, and today's house works on with all of them."""

from collections.abc import Mapping
from typing import Any

import pytest
import redis
from alembic import command
from sqlalchemy import MetaData, text

from app import clock
from app.db.database import Database
from app.db.migrate import require_current, revisions
from app.services import activity, backup, batches, control, healing, history, people, saved, table
from app.services.house import open_house
from app.settings import Settings
from tests.store.test_control import EN, KO, is_right, work
from tests.store.test_migrations import CANCELLED, FAILED, HALF, WAITING, insert, migrate
from tests.store.test_migrations import old as old  # a database of revision 0001 in use
from tests.store.working import NOW, csv_of

Rows = list[tuple[str, Mapping[str, Any]]]
_READ = {"batch_id": FAILED, "source": KO, "position": 4, "seq": 7, "state": "failed", "account": "wordfreq/default"}
_DELIVERY = {"message": "msg_1", "webhook_id": 1, "batch_id": CANCELLED, "event": "batch.cancelled", "payload": "{}"}
_BEATS = ("ok", "below", "missing", "failed", "cached", "latency_ms")
_TIMES = tuple(f"l_{n}" for n in ("10", "20", "50", "100", "200", "300", "500", "1000", "2000", "5000", "more"))
#: What the version of each revision wrote into the tables that came with it.
WRITTEN: Mapping[str, Rows] = {
    "0002": [
        ("halt", {"account": "kakao/default", "reason": "quota", "source": "kakao.web", "since": NOW, "until": NOW + 1}
         | {"waits": 1, "trouble": "quota_spent", "detail": ""}),
        ("attempt", {"batch_id": HALF, "source": KO, "position": 4, "attempts": 2, "failures": 1}),
        ("superseded", _READ | {"observed_at": NOW, "from_cache": False, "attempts": 3, "latency_ms": 9}
         | {"error": "unreadable", "detail": "HTTP 200: <html>"}),
    ],
    "0003": [
        ("account", {"key": "naver/team", "given": '{"rate":"5/s"}', "sealed": "v1.x.y", "hint": "…abcd"}
         | {"created_at": NOW, "changed_at": NOW, "checked": "", "checked_at": NOW}),
    ],
    "0004": [
        ("person", {"id": 1, "workspace_id": 1, "name": "지민", "role": "owner", "password": "$argon2id$x"}
         | {"created_at": NOW, "changed_at": NOW}),
        ("session", {"hash": "h", "person_id": 1, "created_at": NOW, "seen_at": NOW, "expires_at": NOW + 9}),
        ("token", {"id": 1, "workspace_id": 1, "person_id": 1, "name": "ci", "hash": "th", "hint": "kb_ab"}
         | {"scopes": "read", "created_at": NOW}),
        ("answer", {"workspace_id": 1, "key": "k", "fingerprint": "f", "said": "{}", "created_at": NOW}),
        ("batch_tag", {"batch_id": FAILED, "tag": "겨울"}),
    ],
    "0005": [
        ("webhook", {"id": 1, "workspace_id": 1, "url": "https://a.example/", "events": "batch.cancelled"}
         | {"description": "", "sealed": "v1.x.y", "active": False, "why_off": "person", "after_batch": 0}
         | {"created_at": NOW, "changed_at": NOW}),
        ("delivery", _DELIVERY | {"state": "delivered", "attempts": 1, "failures": 0, "leased_until": 0}
         | {"created_at": NOW, "done_at": NOW, "tries": "[]"}),
        ("follow", {"webhook_id": 1, "batch_id": CANCELLED, "seq": 7, "least": 1, "next_at": None}),
    ],
    "0006": [
        ("activity", {"workspace_id": 1, "batch_id": FAILED, "at": NOW, "who": "지민", "what": "pause", "about": "{}"}),
        ("pulse", {"account": "naver/default", "minute": NOW, **dict.fromkeys((*_BEATS, *_TIMES), 1)}),
        ("saved", {"workspace_id": 1, "kind": "view", "name": "큰 것부터", "owner": "지민", "body": "{}"}
         | {"changed_at": NOW}),
    ],
    "0007": [
        ("activity", {"workspace_id": 1, "batch_id": None, "at": NOW, "who": "지민", "what": "make_token"}
         | {"about": "{}", "peer": "10.0.0.7"}),
    ],
}  # fmt: skip
STEPS = [*reversed(revisions())][1:]


def rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    found = MetaData()
    with database.read() as connection:
        found.reflect(connection)
        return {
            one.name: sorted((dict(row._mapping) for row in connection.execute(one.select())), key=repr)
            for one in found.sorted_tables
            if one.name != "alembic_version"
        }


def kept(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> None:
    """Every row of before is there, as it was."""
    for name, there in before.items():
        now = [{key: row[key] for key in there[0] if key in row} for row in after[name]] if there else []
        then = [{key: value for key, value in row.items() if key in after[name][0]} for row in there]
        assert sorted(map(repr, now)) == sorted(map(repr, then)), name


def test_it_is_known_what_every_revision_wrote() -> None:
    assert [*WRITTEN] == STEPS[: len(WRITTEN)], "a revision with new tables has rows above"


@pytest.mark.timeout(300)
def test_step_by_step_nothing_is_lost_and_the_house_goes_on(
    old: Database, valkey: redis.Redis, settings_of: dict[str, str]
) -> None:
    for revision in STEPS:
        before = rows(old)
        migrate(old, command.upgrade, revision)
        kept(before, rows(old))
        for name, values in WRITTEN.get(revision, ()):
            insert(old, name, **values)
        if revision == "0002":  # what is superseded has its seq
            with old.work() as work_:
                work_.connection.execute(text(f"UPDATE batch SET seq = 7 WHERE id = {FAILED}"))
    require_current(old)
    house = open_house(Settings(database_url=old.url.render_as_string(hide_password=False)))

    assert [one.id for one in batches.listing(house)] == [WAITING, FAILED, CANCELLED, HALF]
    assert [row["asked"] for row in table.page(house, FAILED, q="맥북").rows] == ["맥북"]
    assert csv_of(house, FAILED).splitlines()[1].startswith("0, 맥북,0.5,ok")
    points = [one for one in history.history(house, "텀블러", KO) if one.batch == FAILED]
    assert [(one.state, one.superseded) for one in points] == [("failed", False), ("failed", True)]
    assert [one.what for one in activity.listing(house, FAILED)] == ["export", "pause"]
    assert [one.name for one in people.listing(house)] == ["지민"]
    assert [one.name for one in saved.listing(house, 1, "view")] == ["큰 것부터"]
    with clock.frozen(NOW + 60_000):
        healing.heal(house)
        assert sorted(work(house, HALF)) == sorted([*((KO, n) for n in (3, 4, 5)), *((EN, n) for n in range(6))])
        assert is_right(house, HALF).state == "completed"
        assert control.retry(house, FAILED).lookups == 2
        work(house, FAILED)
        assert is_right(house, FAILED).counts.ok == 6
    file = house.settings.data_dir / "house.zip"
    assert backup.take_to(house, file).rows == backup.check(file).rows

    before = rows(house.db)
    migrate(house.db, command.downgrade, STEPS[-2])
    kept(rows(house.db), before)
    migrate(house.db, command.upgrade, "head")
    kept(before, rows(house.db))
    house.close()
