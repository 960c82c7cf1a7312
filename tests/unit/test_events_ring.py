"""Whatever happens in whatever order: what a follower was sent, over all his connections, is the journal, once."""

import asyncio
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.services import followers
from app.services.followers import Follower
from app.services.journal import Page
from app.services.ring import BYTES, READINGS, Message, Ring, following, messages

Event = tuple[str, Any, int]


def parse(frame: bytes) -> Event:
    """(event, data, id) of one frame."""
    match = re.fullmatch(rb"event: (\w+)\n(?:id: (\d+)\n)?data: (.+)\n\n", frame)
    assert match, frame
    return match[1].decode(), json.loads(match[3]), int(match[2] or -1)


def covered(frame: bytes, at: int) -> int:
    """The position after this frame of someone who is at ``at``; a repeated, missing or unordered seq fails."""
    name, data, ident = parse(frame)
    if name == "gap":
        assert data["from"] == at + 1
        assert data["to"] == ident
    else:
        assert [reading["seq"] for reading in data] == list(range(at + 1, ident + 1))
    assert ident > at
    return ident


class Journal:
    """A journal without a database."""

    def __init__(self) -> None:
        self.seq = 0
        self.purged: set[int] = set()

    def page(self, after: int, limit: int) -> Page:
        upto = min(self.seq, after + limit)
        seqs = [seq for seq in range(after + 1, upto + 1) if seq not in self.purged]
        gaps, last = [], after
        for seq in (*seqs, upto + 1):
            if seq > last + 1:
                gaps.append((last + 1, seq - 1))
            last = seq
        readings = tuple({"seq": seq, "keyword": f"키워드 [{seq}]", "data": {"[": "x" * (seq % 7)}} for seq in seqs)
        return Page(after, max(after, upto), readings, tuple(gaps), upto < self.seq)


class FakeChannel:
    """A channel that ticks when told to."""

    def __init__(self) -> None:
        self.batch_id, self.version, self.over, self.ended, self.batch = 7, 0, False, False, b"{}"
        self.ring = Ring(0, 700)

    async def changed(self, _until: float) -> bool:
        return False


class FakePages:
    """Pages that are as they were when first read, as long as nothing can come into them."""

    SEQS = 10

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._kept: dict[int, list[Message]] = {}

    async def following(self, _batch: int, seq: int) -> Message | None:
        start = seq - seq % self.SEQS
        if start not in self._kept:
            page = self._journal.page(start, self.SEQS)
            found = list(messages(page))
            if page.upto < start + self.SEQS:
                return following(found, seq)
            self._kept[start] = found
        return following(self._kept[start], seq)


class Client:
    """Comes, is sent something, is cut off, comes again."""

    def __init__(self, machine: "Machine", after: int) -> None:
        self._machine, self.first, self.at = machine, after, after
        self.connect()

    def connect(self) -> None:
        machine = self._machine
        follower = Follower(machine.channel, machine.pages, self.at, lambda _: None)  # type: ignore[arg-type]
        self._pieces = follower.pieces()
        self.sent = self.step()

    def step(self) -> bytes:
        piece = self._machine.loop.run_until_complete(anext(self._pieces))
        if piece.startswith((b"event: readings", b"event: gap")):
            self.at = covered(piece, self.at)
        return piece

    def close(self) -> None:
        self._machine.loop.run_until_complete(self._pieces.aclose())


class Machine(RuleBasedStateMachine):
    """Readings come, ticks happen, purges happen, clients come and go."""

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.journal, self.channel = Journal(), FakeChannel()
        self.pages = FakePages(self.journal)
        self.clients: list[Client] = []

    def teardown(self) -> None:
        self.tick()
        for client in self.clients:
            for _ in range(self.journal.seq + 1):
                if client.step() == followers._HEARTBEAT:
                    break
            assert client.at == self.journal.seq
            client.close()
        self.loop.close()

    @rule(count=st.integers(1, 35))
    def store(self, count: int) -> None:
        self.journal.seq += count

    @rule(count=st.integers(1, 25))
    def tick(self, count: int = 10_000) -> None:
        for message in messages(self.journal.page(self.channel.ring.upto, count)):
            self.channel.ring.add(message)

    @rule(first=st.integers(1, 60), count=st.integers(1, 40))
    def purge(self, first: int, count: int) -> None:
        self.journal.purged.update(range(first, min(first + count, self.journal.seq + 1)))

    @rule(back=st.integers(0, 50))
    def come(self, back: int) -> None:
        self.clients.append(Client(self, max(0, self.channel.ring.upto - back)))

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), steps=st.integers(1, 5))
    def send(self, data: st.DataObject, steps: int) -> None:
        client = data.draw(st.sampled_from(self.clients))
        for _ in range(steps):
            client.step()

    @precondition(lambda self: self.clients)
    @rule(data=st.data())
    def cut(self, data: st.DataObject) -> None:
        client = data.draw(st.sampled_from(self.clients))
        client.close()
        client.connect()

    @invariant()
    def the_ring_is_bounded(self) -> None:
        ring = self.channel.ring
        assert ring.size <= 700
        assert ring.size == sum(message.size for message in ring._messages)
        assert ring.after <= ring.upto <= self.journal.seq


Machine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestFollowers = Machine.TestCase


@given(st.integers(1, 1_300), st.sets(st.integers(1, 1_300)), st.data())
@settings(deadline=None, max_examples=60)
def test_a_message_serves_whoever_is_anywhere_within_it(seq: int, purged: set[int], data: st.DataObject):
    journal = Journal()
    journal.seq, journal.purged = seq, {one for one in purged if one <= seq}
    found = list(messages(journal.page(0, 10_000)))
    at = data.draw(st.integers(0, seq - 1))
    position, got = at, []
    while (message := following(found, position)) is not None:
        frame = message.since(position)
        position = covered(frame, position)
        name, said, _ = parse(frame)
        got += [one["seq"] for one in said] if name == "readings" else []
    assert position == seq
    assert got == [one for one in range(at + 1, seq + 1) if one not in journal.purged]


def test_messages_are_bounded_in_readings_and_in_bytes():
    small = Page(0, 1_234, tuple({"seq": seq} for seq in range(1, 1_235)), (), more=False)
    assert [message.upto - message.after for message in messages(small)] == [READINGS, READINGS, 234]
    large = {"data": "x" * (BYTES // 2)}
    page = Page(0, 4, tuple({"seq": seq, **large} for seq in range(1, 5)), (), more=False)
    assert [message.upto for message in messages(page)] == [1, 2, 3, 4]


def test_a_message_that_is_larger_than_the_ring_passes_through_it():
    ring = Ring(0, 100)
    [message] = messages(Page(0, 1, ({"seq": 1, "data": "x" * 200},), (), more=False))
    ring.add(message)
    assert (ring.after, ring.upto, ring.size) == (1, 1, 0)


def test_a_follower_far_behind_lets_others_have_their_turn():
    async def body() -> None:
        fake = FakeChannel()
        fake.ring = Ring(0)
        turns = 0

        async def other() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0)
                turns += 1

        page = Page(0, 20 * READINGS, tuple({"seq": seq} for seq in range(1, 20 * READINGS + 1)), (), more=False)
        for message in messages(page):
            fake.ring.add(message)
        fake.ended = True
        task = asyncio.create_task(other())
        follower = Follower(fake, None, 0, lambda _: None)  # type: ignore[arg-type]
        pieces = [piece async for piece in follower.pieces()]
        task.cancel()
        assert len(pieces) == 22
        assert turns >= 20

    asyncio.run(body())


@pytest.mark.parametrize("seq", [0, 3])
def test_nothing_follows_the_end(seq: int):
    assert Ring(seq).following(seq) is None
