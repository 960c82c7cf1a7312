"""Follows a batch until it ends: a bar on a terminal, plain lines in a pipe, JSON lines for a program.

It looks at the database twice a second instead of listening for nudges: one small query, and it needs no Redis.
"""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from app.cli import output, words
from app.errors import Unavailable
from app.services import batches
from app.services.house import House
from app.services.pace import pace
from app.services.shapes import BatchView, Pace

#: Seconds between two looks.
LOOK = 0.5
#: Seconds between two plain lines of a batch whose state stays the same.
LINE = 5.0
#: Seconds for which a database that is gone (a restart) is waited for.
PATIENCE = 30.0
#: What the last line counts.
COUNTED = ("ok", "below", "missing", "failed", "cached")


class Shower(Protocol):
    """Shows how a batch stands."""

    def show(self, batch: BatchView, speed: Pace) -> None:
        """Called at every look."""


class Bar:
    """A progress bar that is redrawn in place."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.task = progress.add_task("", total=None, state="", numbers="")

    def show(self, batch: BatchView, speed: Pace) -> None:
        """Redraw."""
        numbers = f"{batch.counts.done:,}/{batch.lookups:,}  {outlook(batch, speed)}"
        self.progress.update(
            self.task, completed=batch.counts.done, total=batch.lookups, state=state(batch), numbers=numbers
        )


class Lines:
    """A line when the state changes, and every few seconds while numbers do."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.last: tuple[str, int] = ("", -1)
        self.due = 0.0

    def show(self, batch: BatchView, speed: Pace) -> None:
        """Print, if there is something new to say."""
        seen = (state(batch), batch.seq)
        if seen[0] == self.last[0] and (seen[1] == self.last[1] or time.monotonic() < self.due):
            return
        self.last, self.due = seen, time.monotonic() + LINE
        line = f"{batch.id}  {state(batch)}  {batch.counts.done:,}/{batch.lookups:,}  {outlook(batch, speed)}"
        self.console.print(line.rstrip())


class JsonLines:
    """The batch and its pace as one JSON object a line, whenever something changed."""

    def __init__(self) -> None:
        self.last: BatchView | None = None

    def show(self, batch: BatchView, speed: Pace) -> None:
        """Print, if something changed."""
        if batch != self.last:
            self.last = batch
            output.print_json({**output.plain(batch), "pace": speed})


@contextmanager
def json_lines() -> Iterator[Shower]:
    """For a program."""
    yield JsonLines()


@contextmanager
def bar_or_lines(console: Console) -> Iterator[Shower]:
    """What suits the console."""
    if not console.is_terminal:
        yield Lines(console)
        return
    columns = TextColumn("{task.fields[state]}"), BarColumn(bar_width=None), TextColumn("{task.fields[numbers]}")
    with Progress(*columns, console=console, expand=True) as progress:
        yield Bar(progress)


def until_ended(house: House, batch_id: int, show: Shower) -> BatchView:
    """Show the batch until it has ended. Raises NoSuchBatch; DatabaseDown after 30 s without the database."""
    gone_since: float | None = None
    while True:
        try:
            batch = batches.get(house, batch_id)
            show.show(batch, pace(house, batch))
            gone_since = None
        except Unavailable:
            gone_since = gone_since or time.monotonic()
            if time.monotonic() - gone_since > PATIENCE:
                raise
        else:
            if batch.ended:
                return batch
        time.sleep(LOOK)


def to_the_end(house: House, batch_id: int, way: AbstractContextManager[Shower]) -> int:
    """Follow the batch and say how it ended; gives the exit code. A Ctrl-C leaves the batch running."""
    batch = None
    with way as show:
        try:
            batch = until_ended(house, batch_id, show)
        except KeyboardInterrupt:
            pass  # what to say about it is said below, when no bar is in the way
    if batch is None:
        output.note(words.STILL_RUNNING, batch=batch_id)
        return output.INTERRUPTED
    facts = {"batch": batch.id, "state": state(batch), "done": batch.counts.done, "lookups": batch.lookups}
    output.note(words.ENDED, **facts, **{name: getattr(batch.counts, name) for name in COUNTED})
    for source in batch.sources:
        if source.trouble:
            output.note(words.TROUBLE, source=source.name, trouble=source.trouble, detail=source.trouble_detail)
    return verdict(batch)


def verdict(batch: BatchView) -> int:
    """Exit code of a batch that has ended: failed when it was cancelled or nothing could be read."""
    nothing_read = batch.counts.done == batch.counts.failed
    return output.FAILED if batch.state == "cancelled" or nothing_read else output.DONE


def state(batch: BatchView) -> str:
    """The state in a word, with what it waits for."""
    word = words.STATES[batch.state].say()
    if batch.state != "waiting":
        return word
    reason = words.REASONS.get(batch.waiting_reason)
    return f"{word} ({reason.say() if reason else batch.waiting_reason})"


def outlook(batch: BatchView, speed: Pace) -> str:
    """Failures so far, speed and end, as far as they are known."""
    parts = []
    if batch.counts.failed:
        parts.append(words.FAILED_SO_FAR.say(count=batch.counts.failed))
    if speed.per_second is not None:
        parts.append(words.PER_SECOND.say(speed=f"{speed.per_second:,.1f}"))
    if speed.ends_at is not None:
        parts.append(words.ENDS_AT.say(at=output.when(speed.ends_at)))
    elif batch.waiting_until is not None:
        parts.append(words.UNTIL.say(at=output.when(batch.waiting_until)))
    return "  ".join(parts)
