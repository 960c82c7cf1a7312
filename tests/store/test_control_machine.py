"""Random days of batches under control, against a model of plain Python: nothing lost, nothing twice, nothing false."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Row, select

from app import clock
from app.errors import NothingToRetry, WrongState
from app.models import tables
from app.models.base import metadata
from app.queue import Slice
from app.services import batches, control, dispatch, healing, history, ledger, slices, tally
from app.services.house import House
from app.services.lanes import Lane, LaneLost, Lookup, Outcome
from app.sources.base import Reading
from tests.stage import environment

NOON = int(datetime.fromisoformat("2026-11-21T12:00:00+09:00").timestamp() * 1000)
SOURCES = ["naver.blog", "naver.cafe", "wordfreq.ko"]
ERRORS = ["unreachable", "rejected", "unreadable"]
NAVER, QUOTA = "naver/default", 25
LABOURS = [*["work"] * 4, "take", "claim", "read", "read", "hand back", "finish", "spent", "kill"]
OPEN = {"queued", "running", "waiting"}
picks = st.integers(0, 10**6)
some = st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2, unique=True)
#: What comes of the first lookups that are asked: an error, or none.
fates = st.lists(st.sampled_from(["", *ERRORS]), min_size=3, max_size=9)


@dataclass
class Part:
    """A source of a batch: its readings by position (state, error, seq), and how often each lookup was retried."""

    state: str = "queued"
    until: int = 0
    read: dict[int, tuple[str, str, int]] = field(default_factory=dict)
    retried: Counter[int] = field(default_factory=Counter)


@dataclass
class Model:
    """A batch. ``mode``: open, paused, cancelling or cancelled; its state follows from it and from its parts."""

    id: int
    words: list[str]
    parts: dict[str, Part]
    deadline: int | None = None
    rerun_of: int | None = None
    mode: str = "open"
    stopped_by: str = ""
    #: Every reading ever stored: (source, position, state, error), in the order of seq.
    ever: list[tuple[str, int, str, str]] = field(default_factory=list)

    @property
    def state(self) -> str:
        states = {part.state for part in self.parts.values()} - {"completed"}
        if self.mode != "open":
            return self.mode
        if len(states) <= 1:
            return next(iter(states), "completed")
        return "running" if "running" in states else "queued"

    def failures(self) -> Iterator[tuple[str, int, str, int]]:
        """(source, position, error, seq) of what has failed."""
        for name, part in self.parts.items():
            yield from ((name, at, error, seq) for at, (state, error, seq) in part.read.items() if state == "failed")

    def store(self, source: str, outcomes: list[Outcome]) -> None:
        part = self.parts[source]
        for one in outcomes:
            assert one.position not in part.read, "read twice"
            self.ever.append((source, one.position, one.reading.state, one.error or ""))
            part.read[one.position] = (one.reading.state, one.error or "", len(self.ever))
        if outcomes and len(part.read) == len(self.words):
            part.state = "completed"
            if all(part.state == "completed" for part in self.parts.values()) and self.mode != "cancelled":
                self.mode, self.stopped_by = "open", ""

    def cancelled(self) -> None:
        self.mode = "cancelled"
        for part in self.parts.values():
            part.state = part.state if part.state == "completed" else "cancelled"


@dataclass
class Hand:
    """A slice under way: what lies on its desk, the calls it has made, and those it may make until when."""

    lane: Lane
    tally: tally.Tally
    desk: list[Lookup]
    free: int = 0
    free_until: int = 0


class Controls(RuleBasedStateMachine):
    def __init__(self, house: House) -> None:
        super().__init__()
        self.house = house
        with house.db.work() as work:
            for table in reversed(metadata.sorted_tables):
                if table.name != "workspace":  # the migrations made the one that batches belong to
                    work.connection.execute(table.delete())
        house.redis.flushall()
        self.time = ExitStack()
        self.to(NOON)
        self.models: dict[int, Model] = {}
        self.hands: list[Hand] = []
        #: Calls truly made, by account and day.
        self.made: Counter[tuple[str, str]] = Counter()

    def to(self, now: int) -> None:
        self.now = now
        self.time.enter_context(clock.frozen(now))

    # What can be done to batches.

    @initialize(sources=some, count=st.integers(5, 12), first=st.lists(fates, max_size=4))
    def begin_with(self, sources: list[str], count: int, first: list[list[str]]) -> None:
        """A batch, and some slices of it that have read a few lookups and hold a few more."""
        self.submit(sources, count, due=False)
        for n, failing in enumerate(first):
            self.work(n, 4, 2, failing)

    @precondition(lambda self: len(self.models) < 2)
    @rule(sources=some, count=st.integers(1, 9), due=st.booleans())
    def submit(self, sources: list[str], count: int, due: bool) -> None:
        words = [f"키워드 {n}" for n in range(count)]
        deadline = self.now + 20_000 if due else None
        batch = batches.submit(self.house, words, sources, deadline_at=deadline).batch
        self.models[batch] = Model(batch, words, {source: Part() for source in sources}, deadline)

    @rule(
        verb=st.sampled_from(["pause", "cancel", "resume", "resume", "retry", "retry", "rerun", "heal"]),
        pick=picks,
        error=st.sampled_from(["", "", "", "", *ERRORS]),
        part=st.integers(0, 5),
        first=st.none() | st.integers(1, 3),
    )
    def press(self, verb: str, pick: int, error: str, part: int, first: int | None) -> None:
        if verb == "retry":
            self.retry(pick, error, part, first)
        elif verb == "heal":
            self.heal()
        else:
            getattr(self, verb)(pick)

    def pause(self, pick: int) -> None:
        model = self.a_batch(pick, "queued", "running", "waiting")
        if model.state not in OPEN | {"paused"}:
            self.refused(WrongState, partial(control.pause, self.house, model.id))
            return
        model.mode = "paused"
        assert control.pause(self.house, model.id).state == "paused"

    def resume(self, pick: int) -> None:
        model = self.a_batch(pick, "paused", "cancelled")
        if model.state in ("cancelling", "completed"):
            self.refused(WrongState, partial(control.resume, self.house, model.id))
            return
        self.resumed(model)
        assert control.resume(self.house, model.id).state == model.state

    def resumed(self, model: Model) -> None:
        if model.mode == "open":
            return
        model.mode, model.stopped_by = "open", ""
        if model.deadline is not None and model.deadline <= self.now:
            model.deadline = None
        for part in model.parts.values():
            if part.state in ("cancelled", "running"):
                part.state = "queued"

    def cancel(self, pick: int) -> None:
        model = self.a_batch(pick, "running", "queued", "waiting", "paused")
        if model.state == "completed":
            self.refused(WrongState, partial(control.cancel, self.house, model.id))
            return
        if model.mode not in ("cancelling", "cancelled"):
            model.mode, model.stopped_by = "cancelling", "person"
        self.settled(model)
        assert control.cancel(self.house, model.id).state == model.state

    def settled(self, model: Model) -> None:
        if model.mode == "cancelling" and all(row.expires_at <= self.now for row in self.lanes(model.id)):
            model.cancelled()

    def retry(self, pick: int, error: str, part: int, first: int | None) -> None:
        failed = [one.id for one in self.models.values() if any(one.failures())]
        model = self.models[failed[pick % len(failed)]] if failed and pick % 8 else self.a_batch(pick)
        source = [*model.parts, *[""] * 6][part]
        again = partial(control.retry, self.house, model.id, error=error, source=source, first=first)
        if model.mode in ("cancelling", "cancelled"):
            self.refused(WrongState, again)
            return
        found = sorted(
            (seq, name, position)
            for name, position, why, seq in model.failures()
            if error in ("", why) and source in ("", name)
        )[:first]
        if not found:
            self.refused(NothingToRetry, again)
            return
        assert again().lookups == len(found)
        for _, name, position in found:
            one = model.parts[name]
            del one.read[position]
            one.retried[position] += 1
            one.state = "queued" if one.state == "completed" else one.state

    def rerun(self, pick: int) -> None:
        model = self.a_batch(pick, "completed")
        if model.state not in ("completed", "cancelled"):
            self.refused(WrongState, partial(control.rerun, self.house, model.id))
            return
        under_way = [
            one.id for one in self.models.values() if one.rerun_of == model.id and one.state in OPEN | {"paused"}
        ]
        if not under_way and len(self.models) >= 3:
            return
        again = control.rerun(self.house, model.id).id
        if under_way:
            assert again == under_way[0]
        else:
            self.models[again] = Model(again, model.words, {name: Part() for name in model.parts}, rerun_of=model.id)

    def heal(self) -> None:
        for model in self.models.values():
            overdue = model.deadline is not None and model.deadline <= self.now
            if overdue and model.state in OPEN | {"paused"}:
                model.mode, model.stopped_by = "cancelling", "deadline"
            self.settled(model)
            for part in model.parts.values():
                if model.mode == "open" and part.state == "waiting" and part.until <= self.now:
                    part.state = "queued"
        healing.heal(self.house)

    # What slices do.

    @rule(
        some=st.lists(st.sampled_from(LABOURS), min_size=1, max_size=4),
        pick=picks,
        size=st.integers(1, 9),
        count=st.integers(0, 9),
        failing=fates,
        known=st.booleans(),
    )
    def labour(self, some: list[str], pick: int, size: int, count: int, failing: list[str], known: bool) -> None:
        for what in some:
            if what == "work":
                self.work(pick, size, count, failing)
            elif what == "take":
                self.take(pick)
            elif (hand := self.a_hand(pick)) is not None:
                self.handle(hand, what, size, count, failing, known=known)

    def handle(self, hand: Hand, what: str, size: int, count: int, failing: list[str], *, known: bool) -> None:
        if what == "claim":
            self.lay(hand, slices.claim(self.house, hand.lane, size))
        elif what == "read":
            self.ask(hand, count, size, failing)
        elif what == "hand back":
            self.release(hand, finished=False)
        elif what == "finish":
            self.finish(hand)
        elif what == "spent":
            self.find_the_quota_spent(hand)
        else:
            self.kill(hand, count, known=known)

    def take(self, pick: int) -> None:
        """Run a job that was queued for some lane, perhaps long ago."""
        rows = [row for batch in self.models for row in self.lanes(batch)]
        if rows:
            row = rows[pick % len(rows)]
            self.begin(row)

    def work(self, pick: int, size: int, count: int, failing: list[str]) -> None:
        """Begin a slice that should exist: claim and read."""
        found = [piece for batch in self.models for piece in self.pieces(batch)]
        if not found:  # rather than nothing, let something go on
            self.resume(pick)
            return
        piece = found[pick % len(found)]
        [row] = [one for one in self.lanes(piece.batch) if (one.source, one.lane) == (piece.source, piece.lane)]
        hand = self.begin(row)
        assert hand is not None
        self.lay(hand, slices.claim(self.house, hand.lane, size))
        self.ask(hand, count, count, failing)

    def begin(self, row: Row[Any]) -> Hand | None:
        model = self.models[row.batch_id]
        part = model.parts[row.source]
        may = row.expires_at <= self.now and model.mode == "open" and part.state != "completed"
        may = may and not (part.state == "waiting" and part.until > self.now)
        lane = slices.begin(self.house, Slice(row.batch_id, row.source, row.lane, row.generation + 1), "hands")
        assert (lane is not None) == may
        if lane is None:
            return None
        part.state = "running"
        hand = Hand(lane, tally.Tally(self.house.settings, lane.piece), [])
        self.lay(hand, slices.resume(self.house, lane))
        self.hands.append(hand)
        return hand

    def lay(self, hand: Hand, found: list[Lookup]) -> None:
        mine, positions = self.part_of(hand), {one.position for one in found}
        others = [one for one in self.hands if one is not hand and self.is_its_own(one)]
        held = {look.position for one in others if one.lane.key[:2] == hand.lane.key[:2] for look in one.desk}
        assert not positions & held, "asked by two at once"
        assert not positions & mine.read.keys(), "asked though it is read"
        hand.desk += found

    def ask(self, hand: Hand, count: int, want: int, failing: list[str]) -> bool:
        """Read some of what lies on the desk, with calls reserved before; whether the quota is spent."""
        spent = False
        if hand.lane.budget.counted:
            answer = slices.flush(self.house, hand.lane, [], hand.tally.made, want=want).allowance
            if answer is not None and answer.granted:
                hand.free = answer.granted + (hand.free if answer.until == hand.free_until else 0)
                hand.free_until = answer.until
            spent = answer is not None and answer.spent
            count = min(count, hand.free if self.now < hand.free_until else 0)
        asked, hand.desk = hand.desk[:count], hand.desk[count:]
        self.call(hand, len(asked))
        outcomes = [_outcome(one, (failing + [""] * len(asked))[n], self.now) for n, one in enumerate(asked)]
        slices.flush(self.house, hand.lane, outcomes, hand.tally.made)
        self.models[hand.lane.piece.batch].store(hand.lane.piece.source, outcomes)
        return spent

    def call(self, hand: Hand, calls: int) -> None:
        hand.free -= calls if hand.lane.budget.counted else 0
        hand.tally.add(calls)
        self.made[hand.lane.account, clock.day(self.now, hand.lane.budget.zone)] += calls

    def release(self, hand: Hand, *, finished: bool, waiting: slices.Waiting | None = None) -> None:
        model, part = self.models[hand.lane.piece.batch], self.part_of(hand)
        slices.release(self.house, hand.lane, hand.tally.made, finished=finished, waiting=waiting)
        hand.tally.close()
        self.hands.remove(hand)
        if waiting is not None and model.mode == "open" and part.state != "completed":
            part.state, part.until = "waiting", waiting.until
        self.settled(model)

    def find_the_quota_spent(self, hand: Hand) -> None:
        if not hand.lane.budget.counted:
            return
        allowance = slices.flush(self.house, hand.lane, [], hand.tally.made, want=1).allowance
        assert allowance is not None
        if allowance.spent:
            self.release(hand, finished=False, waiting=slices.Waiting("quota", allowance.until, "quota_spent", ""))
        elif allowance.granted:
            hand.free = 1 + (hand.free if allowance.until == hand.free_until else 0)
            hand.free_until = allowance.until

    def kill(self, hand: Hand, calls: int, *, known: bool) -> None:
        """The last calls were made and not settled; on another machine nobody knows its tally."""
        if hand.lane.budget.counted:
            self.call(hand, min(calls, hand.free if self.now < hand.free_until else 0))
        if not known:
            tally.left_by(self.house.settings, hand.lane.piece)
        self.hands.remove(hand)

    # Time.

    @rule(seconds=st.sampled_from([1, 1, 2, 3, 5, slices.LEASE_MS // 1000 + 1, None]))
    def later(self, seconds: int | None) -> None:
        """So many seconds, or until the day has turned."""
        turned = clock.day_starts(self.now, "Asia/Seoul")[2] + ledger.GUARD_MS
        self.to(turned if seconds is None else self.now + seconds * 1000)

    # What is always so.

    @invariant()
    def all_is_right(self) -> None:
        self.batches_are_as_modelled()
        self.readings_are_as_modelled()
        self.no_two_lanes_hold_the_same()
        self.the_ledger_is_right()

    def batches_are_as_modelled(self) -> None:
        for model in self.models.values():
            view = batches.get(self.house, model.id)
            assert (view.state, view.stopped_by, view.deadline_at) == (model.state, model.stopped_by, model.deadline)
            assert (view.finished_at is not None) == (model.state in ("completed", "cancelled"))
            assert (view.state == "waiting") == (view.waiting_until is not None)
            for source in view.sources:
                part = model.parts[source.name]
                states = Counter(state for state, _, _ in part.read.values())
                counts = source.counts
                assert (counts.ok, counts.failed, counts.done) == (states["ok"], states["failed"], len(part.read))
                if model.mode == "open":
                    assert source.state == part.state

    def readings_are_as_modelled(self) -> None:
        now, past = (self.rows(table) for table in (tables.reading, tables.superseded))
        read = {(row.batch_id, row.source, row.position): (row.state, row.error or "", row.seq) for row in now}
        modelled = {
            (model.id, name, position): reading
            for model in self.models.values()
            for name, part in model.parts.items()
            for position, reading in part.read.items()
        }
        assert read == modelled
        ever = sorted(
            (row.batch_id, row.seq, row.source, row.position, row.state, row.error or "") for row in now + past
        )
        assert ever == [
            (model.id, seq, *one) for model in self.models.values() for seq, one in enumerate(model.ever, 1)
        ], "every reading is kept once; seq has no holes"

    def no_two_lanes_hold_the_same(self) -> None:
        held: set[tuple[int, str, int]] = set()
        for row in self.rows(tables.claim):
            assert self.models[row.batch_id].mode != "cancelled"
            for part in filter(None, row.held.split(",")):
                start, stop = part.split("-")
                positions = {(row.batch_id, row.source, position) for position in range(int(start), int(stop))}
                assert not held & positions
                held |= positions

    def the_ledger_is_right(self) -> None:
        promised: Counter[tuple[str, str]] = Counter()
        for row in self.rows(tables.claim):
            account = NAVER if row.source.startswith("naver.") else "wordfreq/default"
            promised[account, row.day] += row.reserved
        usage = {(row.account, row.day): row for row in self.rows(tables.usage)}
        for key, row in usage.items():
            assert row.reserved == promised[key]
            assert row.reserved >= 0
            if row.account == NAVER:
                assert row.calls + row.reserved <= QUOTA
                assert self.made[key] <= row.calls + row.reserved, "no call is lost"
            else:
                assert row.calls <= self.made[key], "no call is counted twice"
        assert all(key in usage for key, calls in self.made.items() if calls)

    # In the end.

    def teardown(self) -> None:
        try:
            if self.models:
                self.to_the_end()
        finally:
            self.time.close()

    def to_the_end(self) -> None:
        """Let everything go on that can, and work until nothing is left."""
        self.hands.clear()
        self.later(slices.LEASE_MS // 1000 + 1)
        self.heal()
        for _ in range(100):
            for model in self.models.values():
                if model.state != "completed":
                    self.resumed(model)
                    control.resume(self.house, model.id)
            self.a_days_work()
            if all(model.state == "completed" for model in self.models.values()):
                break
            self.later(None)
            self.heal()
        self.all_is_right()
        for model in self.models.values():
            assert model.state == "completed"
            times = Counter((source, position) for source, position, _, _ in model.ever)
            for name, part in model.parts.items():
                assert part.read.keys() == set(range(len(model.words)))
                assert all(times[name, position] == 1 + part.retried[position] for position in part.read)
        self.history_is_complete()
        self.later(slices.LEASE_MS // 1000 + 1)
        self.heal()
        assert {row.reserved for row in self.rows(tables.usage)} <= {0}, "nothing stays promised to nobody"

    def a_days_work(self) -> None:
        """Do every slice that should exist until none should."""
        for _ in range(100):
            found = [piece for batch in self.models for piece in self.pieces(batch)]
            if not found:
                return
            for piece in found:
                [row] = [one for one in self.lanes(piece.batch) if (one.source, one.lane) == (piece.source, piece.lane)]
                hand = self.begin(row)
                if hand is not None:
                    self.finish(hand)
        raise AssertionError("what somebody holds is never given back")

    def finish(self, hand: Hand) -> None:
        """Read all there is, as far as the quota goes and others let it."""
        while hand.desk or not self.exhausted(hand):
            left = len(hand.desk)
            if self.ask(hand, 5, 5, []):
                until = clock.day_starts(self.now, "Asia/Seoul")[2] + ledger.GUARD_MS
                self.release(hand, finished=False, waiting=slices.Waiting("quota", until, "quota_spent", ""))
                return
            if len(hand.desk) == left:
                self.release(hand, finished=False)
                return
        self.release(hand, finished=True)

    def exhausted(self, hand: Hand) -> bool:
        self.lay(hand, slices.claim(self.house, hand.lane, 3))
        return not hand.desk

    def history_is_complete(self) -> None:
        ever = Counter(
            (model.words[position], model.id, source, state, error)
            for model in self.models.values()
            for source, position, state, error in model.ever
        )
        current = sum(len(part.read) for model in self.models.values() for part in model.parts.values())
        points = [one for word in {word for word, *_ in ever} for one in history.history(self.house, word)]
        assert Counter((one.keyword, one.batch, one.source, one.state, one.error) for one in points) == ever
        assert sum(not one.superseded for one in points) == current

    # Parts.

    def a_batch(self, pick: int, *states: str) -> Model:
        """Some batch, mostly one in one of these states."""
        every = list(self.models.values())
        fit = [model for model in every if model.state in states] if pick % 8 else []
        return (fit or every)[pick % len(fit or every)]

    def a_hand(self, pick: int) -> Hand | None:
        """A slice under way; one that has stalled and lost its lane can write nothing, and is none."""
        if not self.hands:
            return None
        hand = self.hands[pick % len(self.hands)]
        if self.is_its_own(hand):
            return hand
        with pytest.raises(LaneLost):
            slices.flush(self.house, hand.lane, [_outcome(one, "", self.now) for one in hand.desk], hand.tally.made)
        self.hands.remove(hand)
        return None

    def is_its_own(self, hand: Hand) -> bool:
        batch, source, lane = hand.lane.key
        rows = [row for row in self.lanes(batch) if (row.source, row.lane) == (source, lane)]
        return bool(rows) and rows[0].generation == hand.lane.piece.generation

    def part_of(self, hand: Hand) -> Part:
        return self.models[hand.lane.piece.batch].parts[hand.lane.piece.source]

    def pieces(self, batch: int) -> list[Slice]:
        with self.house.db.read() as connection:
            return dispatch.pieces(connection, batch)

    def lanes(self, batch: int) -> list[Row[Any]]:
        return [row for row in self.rows(tables.claim) if row.batch_id == batch]

    def rows(self, table: Any) -> list[Row[Any]]:
        with self.house.db.read() as connection:
            return list(connection.execute(select(table).order_by(*table.primary_key.columns)).all())

    def refused(self, error: type[Exception], do: Any) -> None:
        with pytest.raises(error):
            do()


def _outcome(lookup: Lookup, error: str, now: int) -> Outcome:
    if error:
        return Outcome(lookup.position, Reading("failed"), now, attempts=2, error=error)
    return Outcome(lookup.position, Reading("ok", 1.0), now, attempts=1)


@pytest.fixture
def limits(settings_of: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Credentials, a small quota, and several lanes for a handful of keywords."""
    monkeypatch.setattr(dispatch, "CHUNK", 4)
    keys = {"KEYBATCH_NAVER_CLIENT_ID": "id", "KEYBATCH_NAVER_CLIENT_SECRET": "secret"}
    numbers = {"KEYBATCH_NAVER_DAILY_QUOTA": str(QUOTA), "KEYBATCH_NAVER_RATE": "1000/s"}
    with environment({**settings_of, **keys, **numbers}):
        yield


def test_whatever_is_done_to_batches_they_end_with_every_lookup_read_once(house: House, limits: None) -> None:
    run_state_machine_as_test(
        partial(Controls, house),
        settings=settings(
            max_examples=25 if house.db.sqlite else 8,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
