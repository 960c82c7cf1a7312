"""What is not kept any more goes by and by, says so from the first moment on, and takes nothing else along."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from app import clock
from app.errors import KeybatchError, NoSuchBatch, Purged, WrongState
from app.models.tables import activity, batch, item, keyword, reading, superseded
from app.repositories import retention as rows
from app.repositories.items import keyword_id
from app.services import (
    activity as acts,
)
from app.services import (
    batches,
    charts,
    control,
    copies,
    detail,
    expansion,
    exports,
    failures,
    journal,
    older,
    results,
    retention,
    table,
    timeline,
)
from app.services.exports import Wanted
from app.services.house import House
from tests.store.working import NOW, read_everything

KO, EN = "wordfreq.ko", "wordfreq.en"
WORDS = [f"낱말 {n}" for n in range(12)]
DAY = retention.DAY_MS
LATER = NOW + 31 * DAY


def keeping(house: House, **days: int) -> House:
    """The house with a retention."""
    return replace(house, settings=house.settings.model_copy(update={f"keep_{k}_days": n for k, n in days.items()}))


def ended(house: House, words: list[str] = WORDS, sources: tuple[str, ...] = (KO, EN)) -> int:
    """A batch that ended at `NOW`."""
    with clock.frozen(NOW):
        made = batches.submit(house, words, sources).batch
        read_everything(house, made)
    assert batches.get(house, made).state == "completed"
    return made


def tidied(house: House, at: int = LATER) -> None:
    """Tidy until nothing is left to do."""
    with clock.frozen(at):
        while retention.tidy(house, for_s=5):
            pass


def count(house: House, found: object, *where: object) -> int:
    with house.db.read() as connection:
        return connection.execute(select(func.count()).select_from(found).where(*where)).scalar_one()  # type: ignore[arg-type]


LOOKS: dict[str, Callable[[House, int], object]] = {
    "table": table.page,
    "rows": lambda house, made: results.rows(house, batches.get(house, made)),
    "row": lambda house, made: detail.detail(house, made, 0),
    "failures": control.failures,
    "failures by kind": failures.sampled,
    "distributions": charts.distributions,
    "cloud": charts.cloud,
    "timeline": timeline.timeline,
    "export": lambda house, made: exports.opened(house, made, Wanted("csv", "wide")),
    "finished export": lambda house, made: exports.opened(house, made, Wanted("xlsx", "long")),
    "older job": lambda house, made: list(older.status(house, 1, str(made))),
    "expand": expansion.expand,
    "retry": control.retry,
    "filtered copy": lambda house, made: copies.submit_matching(house, made, (), [f"{KO}:ok"]),
}


def test_without_a_retention_everything_stays(house: House) -> None:
    made = ended(house)
    tidied(house, NOW + 3_000 * DAY)

    assert len(results.rows(house, batches.get(house, made))) == len(WORDS)
    assert count(house, activity) > 0


def test_readings_go_and_everything_that_looks_at_them_says_since_when(house: House) -> None:
    old, young = ended(house), ended(house, WORDS[:3])
    with clock.frozen(NOW + 2 * DAY):
        other = batches.submit(house, WORDS, [KO]).batch
    before = batches.get(house, old)
    with house.db.work() as work:
        work.connection.execute(text(f"UPDATE batch SET finished_at = {LATER - DAY} WHERE id = {young}"))

    tidied(keeping(house, readings=30))

    view = batches.get(house, old)
    assert view.readings_purged_at == LATER
    assert (view.counts, view.seq, view.name) == (before.counts, before.seq, before.name)
    assert (count(house, reading, reading.c.batch_id == old), count(house, reading)) == (0, 6)
    for look in LOOKS.values():
        with pytest.raises(Purged, match="2026-12-19") as caught:
            look(house, old)
        assert (caught.value.code, caught.value.http_status) == ("purged", 410)
    assert len(results.rows(house, batches.get(house, young))) == 3
    assert next(act.what for act in acts.listing(house, old)) == "purge_readings"
    assert batches.get(house, other).readings_purged_at is None


def test_keywords_are_still_there_for_another_batch_until_they_go_too(house: House) -> None:
    old = ended(house)
    tidied(keeping(house, readings=30))

    assert copies.submit_matching(house, old).items == len(WORDS)
    again = control.rerun(house, old)
    assert again.items == len(WORDS)
    tidied(keeping(house, items=40), NOW + 41 * DAY)

    assert (count(house, item, item.c.batch_id == old), batches.get(house, old).items) == (0, len(WORDS))
    control.cancel(house, again.id)  # else the rerun under way would be given again
    for look in (lambda: control.rerun(house, old), lambda: copies.submit_matching(house, old)):
        with pytest.raises(Purged) as caught:
            look()
        assert caught.value.facts["what"] == "keywords"


def test_readings_go_with_the_keywords_at_the_latest(house: House) -> None:
    old = ended(house)
    tidied(keeping(house, items=30, readings=300))

    view = batches.get(house, old)
    assert (view.readings_purged_at, view.items_purged_at) == (LATER, LATER)
    assert (count(house, reading), count(house, item), count(house, keyword)) == (0, 0, 0)


def test_a_keyword_that_another_batch_has_stays(house: House) -> None:
    ended(house)
    with clock.frozen(LATER):
        kept = batches.submit(house, WORDS[:2], [KO]).batch

    tidied(keeping(house, items=30))

    assert count(house, keyword) == 2
    assert [row.asked for row in results.rows(house, batches.get(house, kept))] == WORDS[:2]


def test_the_journal_of_what_is_gone_is_an_explicit_gap(house: House) -> None:
    old = ended(house)
    tidied(keeping(house, readings=30))

    with house.db.read() as connection:
        page = journal.page(connection, old, 0, 5)
        rest = journal.page(connection, old, 20, 500)
    assert (page.readings, page.gaps, page.more) == ((), ((1, 24),), False)
    assert rest.gaps == ((21, 24),)


def test_events_are_retried_failures_and_acts(house: House) -> None:
    old = ended(house)
    with house.db.work() as work:  # as a retry leaves it
        names = ", ".join(column.name for column in superseded.columns)
        values = ", ".join("99" if column.name == "seq" else column.name for column in superseded.columns)
        work.connection.execute(text(f"INSERT INTO superseded ({names}) SELECT {values} FROM reading WHERE seq = 3"))
        work.connection.execute(text("UPDATE batch SET seq = 99"))
        acts.add(work.connection, 1, None, "지민", "user_added")
        work.connection.execute(text(f"UPDATE activity SET at = {NOW}"))

    tidied(keeping(house, events=30))

    assert count(house, superseded) == 0
    assert [act.what for act in acts.listing(house, old)] == ["purge_events"]
    assert count(house, activity, activity.c.batch_id.is_(None)) == 0
    assert len(results.rows(house, batches.get(house, old))) == len(WORDS), "readings stay"


def test_what_has_not_ended_loses_nothing(house: House) -> None:
    with clock.frozen(NOW):
        running, cancelled = batches.submit(house, WORDS, [KO]).batch, batches.submit(house, WORDS, [KO]).batch
        control.cancel(house, cancelled)
        with house.db.work() as work:
            rows.advance(work.connection, running, "readings items", 0)
    tidied(keeping(house, events=1, readings=1, items=1))

    assert count(house, item, item.c.batch_id == running) == len(WORDS)
    assert batches.get(house, running).items_purged_at is None
    with pytest.raises(Purged):
        control.resume(house, cancelled)
    assert len(read_everything(house, running)) == len(WORDS)


def test_a_batch_that_was_resumed_loses_its_events_again_after_its_second_end(house: House) -> None:
    with clock.frozen(NOW):
        made = batches.submit(house, WORDS, [KO]).batch
        control.cancel(house, made)
    tidied(keeping(house, events=30))
    with clock.frozen(LATER + DAY):
        control.resume(house, made)
        read_everything(house, made)
    assert [act.what for act in acts.listing(house, made)][:2] == ["completed", "resume"]

    tidied(keeping(house, events=30), LATER + 32 * DAY)

    assert [act.what for act in acts.listing(house, made)] == ["purge_events"]


def test_it_is_gone_for_everybody_before_its_first_row_is(house: House) -> None:
    old = ended(house)
    with clock.frozen(LATER):
        assert retention.tidy(keeping(house, readings=30), for_s=0) is True

    assert count(house, reading, reading.c.batch_id == old) == 24
    with pytest.raises(Purged):
        table.page(house, old)
    with clock.frozen(LATER):
        assert retention.tidy(keeping(house, readings=30)) is False
    assert count(house, reading) == 0


def test_no_step_is_larger_than_what_a_flush_may_wait_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(house, [f"낱말 {n}" for n in range(200)], (KO,))
    monkeypatch.setattr(retention, "LEAST", 5)
    monkeypatch.setattr(retention, "MOST", 30)
    sizes: list[int] = []
    step = retention._step
    monkeypatch.setattr(retention, "_step", lambda house, size: sizes.append(size) or step(house, size))

    tidied(keeping(house, items=30))

    assert max(sizes) <= 30
    assert (count(house, reading), count(house, item), count(house, keyword)) == (0, 0, 0)


def test_a_batch_that_is_forgotten_is_not_there_for_anybody(house: House) -> None:
    made, other = ended(house), ended(house, WORDS[:2])
    with clock.frozen(LATER):
        open_ = batches.submit(house, ["우산"], [KO]).batch
        with pytest.raises(WrongState, match="forget"):
            retention.forget(house, open_)
        retention.forget(house, made)

    for look in (batches.get, control.rerun, table.page, retention.forget):
        with pytest.raises(NoSuchBatch):
            look(house, made)
    assert made not in [one.id for one in batches.listing(house)]
    tidied(house)
    assert count(house, batch, batch.c.id == made) == 0
    assert (count(house, item), count(house, keyword), count(house, reading)) == (3, 3, 4)
    assert len(results.rows(house, batches.get(house, other))) == 2
    with house.db.read() as connection:
        [act] = connection.execute(select(activity).where(activity.c.what == "forget_batch")).all()
    assert (act.batch_id, f'"number":{made}' in act.about) == (None, True)


def test_submits_beside_it_keep_their_keywords(house: House) -> None:
    for n in range(6):
        ended(house, [f"낱말 {n} {m}" for m in range(40)] + WORDS, (KO,))
    troubles: list[BaseException] = []
    done = threading.Event()

    def submit(start: int) -> None:
        try:
            while not done.is_set():
                words = [f"낱말 {start} {m}" for m in range(40)]
                made = batches.submit(house, [*WORDS, *words], [KO]).batch
                copies.submit_matching(house, made)
        except (KeybatchError, Exception) as exc:  # noqa: BLE001 -- told below
            troubles.append(exc)

    threads = [threading.Thread(target=submit, args=(n,)) for n in range(3)]
    with clock.frozen(LATER):
        for thread in threads:
            thread.start()
        try:
            forgetful = keeping(house, items=30)
            while retention.tidy(forgetful, for_s=0.2) or count(house, batch, batch.c.leaving != ""):
                pass
        finally:
            done.set()
            for thread in threads:
                thread.join()

    assert troubles == []
    bare = select(func.count()).select_from(item.outerjoin(keyword, keyword.c.id == item.c.keyword_id))
    with house.db.read() as connection:
        assert connection.execute(bare.where(keyword.c.id.is_(None))).scalar_one() == 0
        left = set(connection.execute(select(keyword.c.id)).scalars())
        used = set(connection.execute(select(item.c.keyword_id)).scalars())
    assert left == used, "and no keyword is left that nobody has"
    assert keyword_id("낱말 5 1") not in left
