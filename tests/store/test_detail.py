"""One row with all that is known of it."""

import pytest
from sqlalchemy import insert

from app.errors import NoSuchBatch, NoSuchThing
from app.models.tables import workspace
from app.services import batches, control, detail, slices
from app.services.callers import SCOPES, Caller
from app.services.house import House
from app.services.lanes import Outcome
from app.services.sheets import Line
from app.sources.base import Reading
from tests.stage import environment
from tests.store.working import NOW, take_lane

KO, EN = "wordfreq.ko", "wordfreq.en"


def read(house: House, batch: int, source: str, *outcomes: Outcome, generation: int = 1, lane: int = 0) -> None:
    taken = take_lane(house, batch, source, lane, generation)
    assert taken is not None
    found = slices.claim(house, taken, len(outcomes))
    assert len(found) == len(outcomes)
    slices.flush(house, taken, list(outcomes), len(found))
    slices.release(house, taken, len(found), finished=True)


def test_a_row_says_all_that_is_known_of_it(house: House) -> None:
    lines = [Line(1, "ｍａｃ", {"갈래": "전자"}), Line(2, "mac"), Line(3, "우산")]
    batch = batches.submit(house, lines, [KO, EN], columns=("갈래",)).batch
    ok = Outcome(0, Reading("ok", 12.0, data={"a": 1}), NOW, account="wordfreq/default", attempts=2, latency_ms=40)
    read(
        house, batch, KO, ok, Outcome(1, Reading("failed"), NOW, attempts=3, error="unreachable", detail="it was away")
    )

    first, second = detail.detail(house, batch, 0), detail.detail(house, batch, 1)

    assert (first.typed, first.asked, first.merged, first.others) == ("ｍａｃ", "mac", 1, {"갈래": "전자"})
    said = first.readings[KO]
    assert said is not None
    assert (said["status"], said["value"], said["data"], said["attempts"]) == ("ok", 12, {"a": 1}, 2)
    assert (said["account"], said["latency_ms"], said["detail"]) == ("wordfreq/default", 40, None)
    assert list(first.readings) == [KO, EN]
    assert first.readings[EN] is None
    failed = second.readings[KO]
    assert failed is not None
    assert (failed["status"], failed["value"], failed["error"], failed["detail"]) == (
        "failed", None, "unreachable", "it was away",
    )  # fmt: skip
    assert [(one.batch, one.state, one.value) for one in first.history] == [(batch, "ok", 12.0)]


def test_history_is_of_the_workspace_and_the_batch_s_sources_the_newest_first(house: House) -> None:
    with house.db.work() as work:
        made = insert(workspace).values(name="other", created_at=NOW).returning(workspace.c.id)
        other = work.connection.execute(made).scalar_one()
    foreign = batches.submit(house, ["우산"], [KO], who=Caller(other, frozenset(SCOPES))).batch
    read(house, foreign, KO, Outcome(0, Reading("ok", 99.0), NOW + 9, attempts=1))
    older = batches.submit(house, ["우산"], [KO, EN]).batch
    read(house, older, KO, Outcome(0, Reading("failed"), NOW, attempts=1, error="unreachable"))
    read(house, older, EN, Outcome(0, Reading("ok", 7.0), NOW, attempts=1))
    control.retry(house, older)
    read(house, older, KO, Outcome(0, Reading("ok", 1.0), NOW + 1, attempts=1), lane=4)
    newer = batches.submit(house, ["맥북", "우산"], [KO]).batch
    read(house, newer, KO, *(Outcome(n, Reading("ok", 2.0), NOW + 2, attempts=1) for n in range(2)))

    found = detail.detail(house, newer, 1).history

    assert [(one.batch, one.source, one.value, one.superseded) for one in found] == [
        (newer, KO, 2.0, False), (older, KO, 1.0, False), (older, KO, None, True),
    ]  # fmt: skip


def test_only_so_much_history_is_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detail, "MOST", 2)
    for n in range(3):
        batch = batches.submit(house, ["우산"], [KO]).batch
        read(house, batch, KO, Outcome(0, Reading("ok", float(n)), NOW + n, attempts=1))

    assert [one.value for one in detail.detail(house, batch, 0).history] == [2.0, 1.0]


def test_what_is_shown_to_nobody_is_not_in_it(house: House, settings_of: dict[str, str]) -> None:
    batch = batches.submit(house, ["우산"], [KO]).batch
    read(house, batch, KO, Outcome(0, Reading("ok", 5.0), NOW, account="a/b", attempts=1, latency_ms=4, detail="x"))

    with environment({**settings_of, "KEYBATCH_WORDFREQ_VISIBLE_TO": "nobody"}):
        found = detail.detail(house, batch, 0)

    said = found.readings[KO]
    assert said is not None
    assert (said["status"], said["value"], said["account"], said["latency_ms"]) == ("withheld", None, None, None)
    assert found.history == ()


def test_what_is_not_there_is_said_so(house: House) -> None:
    batch = batches.submit(house, ["우산"], [KO]).batch

    for position in (1, -1, 2**40):
        with pytest.raises(NoSuchThing):
            detail.detail(house, batch, position)
    with pytest.raises(NoSuchBatch):
        detail.detail(house, 404, 0)
