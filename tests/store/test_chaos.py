"""An upstream at its worst: every reading is right or honestly failed, and no failure looks like a 0."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
import redis

from app.db.database import Database
from app.db.migrate import upgrade_database
from app.services import batches, control, results
from app.services.shapes import BatchView, Cell
from tests.simulators.echo import SOURCE, EchoSimulator, echo_source, expected
from tests.simulators.echo.source import Echo
from tests.store.hands import Hands, at, hands

CHAOS = {"500": 0.10, "hang": 0.05, "garbage": 0.05, "429": 0.05, "truncated": 0.02, "wrong": 0.01}


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are tested with the rule; here they only take time."""
    monkeypatch.setattr("workers.retry.BASE_S", 0.02)
    monkeypatch.setattr(Echo, "throttle_s", (0.05,))
    monkeypatch.setattr("workers.budget.limiter.CREEP", 2.0)


@contextmanager
def asking(
    sim: EchoSimulator, database: Database, valkey: redis.Redis, folder: Path, url: str, **settings: str
) -> Iterator[Hands]:
    env = {"KEYBATCH_DATA_DIR": str(folder), "KEYBATCH_REDIS_URL": url, "KEYBATCH_LOG_LEVEL": "error"}
    with echo_source(), hands(database, valkey, {**env, **sim.env(), **settings}) as worker:
        yield worker


@pytest.fixture
def worker(
    database: Database, valkey: redis.Redis, sim: EchoSimulator, tmp_path: Path, valkey_url: str
) -> Iterator[Hands]:
    with asking(sim, database, valkey, tmp_path, valkey_url) as built:
        yield built


@pytest.fixture
def sim() -> Iterator[EchoSimulator]:
    with EchoSimulator() as simulator:
        yield simulator


def keywords(count: int) -> list[str]:
    return [f"키워드 {n}" for n in range(count)]


def submit(worker: Hands, words: list[str]) -> int:
    return batches.submit(worker.house, words, [SOURCE]).batch


def to_the_end(worker: Hands, batch: int) -> BatchView:
    worker.work()
    while not worker.view(batch).ended:
        with at(worker.wait_over(batch)):
            worker.work()
    return worker.view(batch)


def read(worker: Hands, view: BatchView) -> dict[str, Cell]:
    """Keyword → its cell."""
    pages = range(0, view.items, 2_000)
    found = [row for start in pages for row in results.rows(worker.house, view, start=start, limit=2_000)]
    return {row.asked: row.cells[0] for row in found}


def is_right(keyword: str, cell: Cell, sim: EchoSimulator) -> bool:
    """Whether it says what the upstream says, and has told for this very keyword; or that it never told."""
    if cell.state == "missing":
        return cell.value is None and not sim.told[keyword]
    state, value, upper = expected(keyword)
    told = {"ok": int(value or 0), "below": "< 10"}.get(state)
    return (cell.state, cell.value, cell.upper) == (state, value, upper) and (told is None or told in sim.told[keyword])


def test_ten_thousand_lookups_at_an_upstream_at_its_worst(valkey: redis.Redis, tmp_path: Path, valkey_url: str) -> None:
    database = Database(f"sqlite:///{tmp_path / 'keybatch.db'}")
    upgrade_database(database)
    with EchoSimulator(faults=CHAOS, seed=7) as sim, asking(sim, database, valkey, tmp_path, valkey_url) as worker:
        view = to_the_end(worker, submit(worker, keywords(10_000)))
        cells = read(worker, view)
    database.close()

    assert (view.state, len(cells), view.counts.done) == ("completed", 10_000, 10_000)
    assert set(sim.struck) == set(CHAOS), "every fault has struck"
    wrong = {k: cell for k, cell in cells.items() if cell.state != "failed" and not is_right(k, cell, sim)}
    assert wrong == {}
    zeros = [keyword for keyword, cell in cells.items() if cell.value == 0]
    assert all(expected(keyword) == ("ok", 0.0, None) for keyword in zeros)
    assert len(zeros) > 300
    failed = Counter(cell.error for cell in cells.values() if cell.state == "failed")
    assert sum(failed.values()) < 50
    assert set(failed) <= {"unreachable", "unreadable"}
    assert all(cell.value is None for cell in cells.values() if cell.state != "ok")


def test_several_keywords_are_asked_together(worker: Hands, sim: EchoSimulator) -> None:
    words = [word for word in keywords(60) if expected(word).state != "missing"][:50]
    view = to_the_end(worker, submit(worker, words))

    assert view.counts.done == 50
    assert Counter(sim.sizes) == {5: 10}


@pytest.mark.parametrize("fault", ["short", "wrong"])
def test_a_keyword_an_answer_leaves_out_is_asked_once_more_on_its_own(
    worker: Hands, sim: EchoSimulator, fault: str
) -> None:
    words = [word for word in keywords(40) if expected(word).state == "ok"][:5]
    sim.faults = {fault: 1.0}
    sim.seed = 1
    cells = read(worker, to_the_end(worker, submit(worker, words)))

    assert sim.sizes == [5, 1]
    last = cells.pop(words[-1])
    assert all(is_right(word, cell, sim) for word, cell in cells.items())
    assert (last.state, last.value, last.attempts) == ("missing", None, 2), "it was left out again: that is an answer"


def test_a_keyword_the_upstream_does_not_know_is_missing_and_never_0(worker: Hands, sim: EchoSimulator) -> None:
    unknown = [word for word in keywords(3_000) if expected(word).state == "missing"][:3]
    cells = read(worker, to_the_end(worker, submit(worker, unknown)))

    assert {(cell.state, cell.value) for cell in cells.values()} == {("missing", None)}
    assert sim.sizes == [3, 1, 1, 1]


def test_a_poison_keyword_fails_alone(worker: Hands, sim: EchoSimulator) -> None:
    words = [word for word in keywords(60) if expected(word).state == "ok"][:20]
    sim.poison = frozenset(words[7:8])
    view = to_the_end(worker, submit(worker, words))

    assert (view.counts.ok, view.counts.failed) == (19, 1)
    poisoned = read(worker, view)[words[7]]
    assert (poisoned.error, poisoned.value) == ("unreachable", None)
    assert poisoned.attempts >= 5


def test_a_poison_keyword_alone_in_its_batch_fails_once_the_upstream_has_proved_to_be_up(
    worker: Hands, sim: EchoSimulator
) -> None:
    sim.poison = frozenset(["독"])
    view = to_the_end(worker, submit(worker, ["독"]))

    assert (view.state, view.counts.failed) == ("completed", 1)
    assert (read(worker, view)["독"].attempts, sim.asked["control"]) == (5, 1)


def test_an_error_that_carries_zeros_is_no_zero(worker: Hands, sim: EchoSimulator) -> None:
    sim.faults = {"error200": 1.0}
    cells = read(worker, to_the_end(worker, submit(worker, keywords(4)))).values()

    assert {(cell.state, cell.value, cell.error) for cell in cells} == {("failed", None, "unreadable")}
    assert all('"total": 0' in cell.detail for cell in cells)


def test_what_could_not_be_read_is_kept_for_a_person(worker: Hands, sim: EchoSimulator) -> None:
    words = [word for word in keywords(60) if expected(word).state == "ok"][:20]
    sim.faults = {"garbage": 0.35}
    view = to_the_end(worker, submit(worker, words))
    failed = [cell for cell in read(worker, view).values() if cell.state == "failed"]

    assert failed
    assert all("HTTP 200: <!DOCTYPE html>" in cell.detail and len(cell.detail) <= 2048 for cell in failed)
    kinds = control.failures(worker.house, view.id)
    assert [(kind.source, kind.error, kind.count) for kind in kinds] == [(SOURCE, "unreadable", len(failed))]


def test_a_backoff_with_an_answer_is_obeyed(worker: Hands, sim: EchoSimulator) -> None:
    sim.faults, sim.backoff_s = {"backoff": 1.0}, 0.4
    words = [word for word in keywords(60) if expected(word).state == "ok"][:5]
    first = to_the_end(worker, submit(worker, words))
    second = to_the_end(worker, submit(worker, words))

    assert (first.counts.ok, second.counts.ok) == (5, 5)
    assert [later - earlier >= 0.35 for earlier, later in pairwise(sim.arrivals)] == [True]


def test_a_short_retry_after_is_sat_out_by_the_whole_account(worker: Hands, sim: EchoSimulator) -> None:
    words = [word for word in keywords(60) if expected(word).state == "ok"][:5]
    sim.faults, sim.retry_after, sim.seed = {"429": 0.5}, 1, 2
    while sim_is_kind(sim, words):
        sim.seed += 1
    view = to_the_end(worker, submit(worker, words))

    assert (view.counts.ok, view.counts.failed) == (5, 0)
    gaps = [later - earlier for earlier, later in pairwise(sim.arrivals)]
    assert min(gaps) >= 0.95
    assert {cell.attempts for cell in read(worker, view).values()} == {1}, "being told to wait is no attempt"


def sim_is_kind(sim: EchoSimulator, words: list[str]) -> bool:
    """Whether the first call would not be told to slow down."""
    question = "\n".join(words)
    sim.asked[question] += 1
    kind = not sim._fault(question)
    sim.asked.clear()
    return kind


def test_a_long_retry_after_makes_the_batch_wait(worker: Hands, sim: EchoSimulator) -> None:
    sim.faults, sim.retry_after = {"429": 1.0}, 90
    batch = submit(worker, keywords(100))
    worker.work()
    view = worker.view(batch)
    calls = sim.calls

    assert (view.state, view.waiting_reason, view.counts.failed) == ("waiting", "throttled", 0)
    sim.faults = {}
    worker.work()
    assert sim.calls == calls, "nobody asks before it is over"
    assert to_the_end(worker, batch).counts.done == 100
