"""The migrations give exactly the tables of the models, on both databases, and keep every row."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from app import clock
from app.db.database import Database
from app.db.migrate import _config, require_current, upgrade_database
from app.errors import DatabaseDown, Unmigrated
from app.models.tables import metadata
from app.repositories.items import keyword_id
from app.services import batches, control, healing, history, results
from app.services.house import House, open_house
from app.settings import Settings
from tests.store.test_control import EN, KO, is_right, work
from tests.store.working import NOW

KEYWORDS = ["맥북", "에어팟 프로", "아이폰", "갤럭시", "텀블러", "우산"]
HALF, CANCELLED, FAILED, WAITING = 1, 2, 3, 4
#: The tables of revision 0001 and what their rows are ordered by.
FIRST_TABLES = {
    "batch": "id",
    "batch_source": "batch_id, ordinal",
    "keyword": "id",
    "item": "batch_id, position",
    "claim": "batch_id, source, lane",
    "reading": "batch_id, source, position",
    "usage": "account, day",
}


def test_migrations_are_the_models(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    upgrade_database(database)

    require_current(database)


def test_an_empty_database_is_said_to_be_unmigrated(database_url: str) -> None:
    database = Database(database_url)

    with pytest.raises(Unmigrated):
        require_current(database)
    database.close()


def test_an_unreachable_database_is_a_sentence_without_its_password() -> None:
    database = Database("postgresql+psycopg://kb:hush@127.0.0.1:1/none")

    with pytest.raises(DatabaseDown) as caught:
        require_current(database)
    assert "hush" not in str(caught.value)
    assert "KEYBATCH_DATABASE_URL" in str(caught.value)


def migrate(database: Database, do: Callable[..., None], revision: str) -> None:
    config = _config(database.url.render_as_string(hide_password=False))
    with database.work() as work_:
        config.attributes["connection"] = work_.connection
        do(config, revision)


def insert(database: Database, table: str, **values: object) -> None:
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    with database.work() as work_:
        work_.connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)


def dump(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of the first tables."""
    with database.read() as connection:
        return {
            table: [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY {order}"))]
            for table, order in FIRST_TABLES.items()
        }


def put_batch(database: Database, batch: int, state: str, source_states: dict[str, str], **read: Any) -> None:
    """The next batch, of all keywords, as 0001 has it; ``read``: channel → the states at its first positions."""
    ended = NOW if state in ("cancelled", "completed") else None
    waiting = {"waiting_reason": "quota", "waiting_until": NOW} if state == "waiting" else {}
    calm = {"waiting_reason": "", "waiting_until": None, **waiting}
    times = {"created_at": NOW - 9, "started_at": NOW - 5, "finished_at": ended}
    counts = {"items": len(KEYWORDS), "merged": 1, "rejected": 2, "max_age_s": 60}
    seq = sum(len(states) for states in read.values())
    insert(
        database,
        "batch",
        name=f"묶음 {batch}",
        state=state,
        priority="high",
        seq=seq,
        **counts,
        **calm,
        **times,
    )
    for position, keyword in enumerate(KEYWORDS):
        where = {"batch_id": batch, "position": position}
        merged = int(position == 0)
        insert(
            database,
            "item",
            **where,
            keyword_id=keyword_id(keyword),
            typed=f" {keyword}",
            line=position + 1,
            merged=merged,
        )
    seq = 0
    for ordinal, (source, source_state) in enumerate(source_states.items()):
        states = read.get(source.partition(".")[2], [])
        counted = {name: states.count(name) for name in ("ok", "below", "missing", "failed")}
        insert(
            database,
            "batch_source",
            batch_id=batch,
            source=source,
            ordinal=ordinal,
            account=f"{source.partition('.')[0]}/default",
            state=source_state,
            lookups=len(KEYWORDS),
            cursor=min(len(KEYWORDS), len(states) + 2),
            cached=0,
            waits=ordinal,
            trouble="quota_spent" if waiting else "",
            trouble_detail="",
            started_at=NOW - 5,
            finished_at=NOW if source_state in ("cancelled", "completed") else None,
            **counted,
            **(calm if source_state == "waiting" else {"waiting_reason": "", "waiting_until": None}),
        )
        for position, found in enumerate(states):
            seq += 1
            error = (
                {"error": "unreachable", "detail": "HTTP 503"} if found == "failed" else {"error": None, "detail": None}
            )
            insert(
                database,
                "reading",
                batch_id=batch,
                source=source,
                position=position,
                seq=seq,
                state=found,
                value=position + 0.5 if found == "ok" else None,
                upper=10.0 if found == "below" else None,
                data='{"shown":3}' if found == "ok" else None,
                account=f"{source.partition('.')[0]}/default",
                observed_at=NOW - 100 + seq,
                from_cache=position == 1,
                attempts=2,
                latency_ms=7,
                **error,
            )


def put_lane(database: Database, batch: int, source: str, held: str, generation: int, expires_at: int) -> None:
    lane = {"batch_id": batch, "source": source, "lane": 0, "worker": "old", "held": held}
    insert(database, "claim", **lane, generation=generation, expires_at=expires_at)


@pytest.fixture
def old(database_url: str) -> Iterator[Database]:
    """A database of revision 0001 in use."""
    database = Database(database_url)
    migrate(database, command.upgrade, "0001")
    for keyword in KEYWORDS:
        insert(database, "keyword", id=keyword_id(keyword), text=keyword)
    put_batch(database, HALF, "running", {KO: "running", EN: "queued"}, ko=["ok", "failed", "below"])
    put_lane(database, HALF, KO, "0-5", 4, NOW)
    put_lane(database, HALF, EN, "", 0, 0)
    put_batch(database, CANCELLED, "cancelled", {KO: "cancelled", EN: "completed"}, ko=["ok"], en=["missing"] * 6)
    put_batch(database, FAILED, "completed", {KO: "completed"}, ko=["ok", "failed", "ok", "ok", "failed", "ok"])
    put_batch(database, WAITING, "waiting", {"naver.blog": "waiting"}, blog=["ok", "ok"])
    put_lane(database, WAITING, "naver.blog", "2-4", 7, 0)
    insert(database, "usage", account="naver/default", day="2026-11-18", calls=24_999)
    yield database
    database.close()


@pytest.fixture
def house(old: Database, valkey: redis.Redis, settings_of: dict[str, str]) -> Iterator[House]:
    """Today's house on that database."""
    upgrade_database(old)
    built = open_house(Settings(database_url=old.url.render_as_string(hide_password=False)))
    yield built
    built.close()


def known_before(row: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in before if name in row}


def test_an_upgrade_keeps_every_row_and_fills_what_is_new(old: Database) -> None:
    before = dump(old)
    assert {table: len(rows) for table, rows in before.items()} == {
        "batch": 4,
        "batch_source": 6,
        "keyword": 6,
        "item": 24,
        "claim": 3,
        "reading": 18,
        "usage": 1,
    }

    upgrade_database(old)

    require_current(old)
    after = dump(old)
    for table, rows in before.items():
        kept = [known_before(now, then) for now, then in zip(after[table], rows, strict=True)]
        assert kept == [{name: value for name, value in row.items() if name != "waits"} for row in rows]
    assert {row["id"]: row["stopped_by"] for row in after["batch"]} == {
        HALF: "",
        CANCELLED: "person",
        FAILED: "",
        WAITING: "",
    }
    assert {(row["owner"], row["deadline_at"], row["rerun_of"]) for row in after["batch"]} == {("", None, None)}
    assert {(row["reserved"], row["settled"], row["day"]) for row in after["claim"]} == {(0, 0, "")}
    assert {row["reserved"] for row in after["usage"]} == {0}
    assert {row["lanes"] for row in after["batch_source"]} == {4}


def test_a_batch_of_before_is_finished_by_the_house_of_today(house: House) -> None:
    with clock.frozen(NOW + 60_000):
        healing.heal(house)
        asked = work(house, HALF)

    assert sorted(asked) == sorted([*((KO, n) for n in (3, 4, 5)), *((EN, n) for n in range(6))])
    view = is_right(house, HALF)
    assert (view.state, view.seq, view.counts.ok, view.counts.failed, view.counts.below) == ("completed", 12, 10, 1, 1)
    [first, second, *_] = results.rows(house, view)
    assert (first.keyword, first.asked, first.merged) == (" 맥북", "맥북", 1)
    assert (first.cells[0].value, first.cells[0].data) == (0.5, {"shown": 3})
    assert (second.cells[0].state, second.cells[0].error, second.cells[0].detail) == (
        "failed",
        "unreachable",
        "HTTP 503",
    )


def test_batches_of_before_can_be_resumed_retried_and_run_again(house: House) -> None:
    with clock.frozen(NOW + 60_000):
        assert control.resume(house, CANCELLED).state == "queued"
        assert sorted(work(house, CANCELLED)) == [(KO, n) for n in range(1, 6)]
        assert is_right(house, CANCELLED).state == "completed"

        assert control.retry(house, FAILED).lookups == 2
        assert sorted(work(house, FAILED)) == [(KO, 1), (KO, 4)]
        assert (is_right(house, FAILED).counts.ok, batches.get(house, FAILED).seq) == (6, 8)
        points = [point for point in history.history(house, "텀블러", KO) if point.batch == FAILED]
        assert [(point.state, point.superseded) for point in points] == [("failed", True), ("ok", False)]

        again = control.rerun(house, FAILED)
        assert again.id > WAITING
        assert len(work(house, again.id)) == 6


def test_a_batch_that_waited_before_goes_on_when_its_time_has_come(house: House) -> None:
    with clock.frozen(NOW + 60_000):
        healing.heal(house)
        assert batches.get(house, WAITING).state == "queued"

        assert sorted(work(house, WAITING)) == [("naver.blog", n) for n in range(2, 6)]
    assert is_right(house, WAITING).state == "completed"


def test_a_downgrade_keeps_every_row_of_before(house: House) -> None:
    with clock.frozen(NOW + 60_000):
        control.retry(house, FAILED)
        control.pause(house, HALF)
    before = dump(house.db)

    migrate(house.db, command.downgrade, "0001")

    after = dump(house.db)
    for table, rows in before.items():
        kept = [known_before(then, now) for now, then in zip(after[table], rows, strict=True)]
        assert kept == [{name: value for name, value in row.items() if name != "waits"} for row in after[table]]
    with house.db.read() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == "0001"
    upgrade_database(house.db)
    assert [row["seq"] for row in dump(house.db)["reading"]] == [row["seq"] for row in before["reading"]]
