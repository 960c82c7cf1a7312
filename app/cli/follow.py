"""Follows a batch until it ends: a bar on a terminal, plain lines in a pipe, JSON lines for a program.

It looks at the database twice a second instead of listening for nudges: one small query, and it needs no Redis.
"""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from app.cli import outlook, output, words
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


class TwoLines(Progress):
    """A bar, and under it what is ahead."""

    def get_renderables(self) -> Iterator[RenderableType]:
        """What is drawn."""
        yield self.make_tasks_table(self.tasks)
        for task in self.tasks:
            if task.fields["ahead"]:
                yield Text(task.fields["ahead"], no_wrap=False, overflow="fold")


class Bar:
    """A progress bar that is redrawn in place."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.task = progress.add_task("", total=None, state="", numbers="", ahead="")

    def show(self, batch: BatchView, speed: Pace) -> None:
        """Redraw."""
        done, of, ahead = batch.counts.done, batch.lookups, outlook.ahead(batch, speed)
        numbers = f"{done:,}/{of:,}"
        self.progress.update(
            self.task, completed=done, total=of, state=outlook.state(batch), numbers=numbers, ahead=ahead
        )


class Lines:
    """A line when the state changes, and every few seconds while numbers do."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.last: tuple[str, int] = ("", -1)
        self.due = 0.0

    def show(self, batch: BatchView, speed: Pace) -> None:
        """Print, if there is something new to say."""
        seen = (outlook.state(batch), batch.seq)
        if seen[0] == self.last[0] and (seen[1] == self.last[1] or time.monotonic() < self.due):
            return
        self.last, self.due = seen, time.monotonic() + LINE
        line = f"{batch.id}  {seen[0]}  {batch.counts.done:,}/{batch.lookups:,}  {outlook.ahead(batch, speed)}"
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
    with TwoLines(*columns, console=console, expand=True) as progress:
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
    facts = {"batch": batch.id, "state": outlook.state(batch), "done": batch.counts.done, "lookups": batch.lookups}
    output.note(words.ENDED, **facts, **{name: getattr(batch.counts, name) for name in COUNTED})
    if batch.counts.failed and batch.state == "completed":
        output.note(words.FAILED_ONES, batch=batch.id)
    for source in batch.sources:
        if source.trouble:
            detail = output.one_line(source.trouble_detail)
            output.note(words.TROUBLE, source=source.name, trouble=source.trouble, detail=detail)
    return verdict(batch)


def verdict(batch: BatchView) -> int:
    """Exit code of a batch that has ended: failed when it was cancelled or nothing could be read."""
    nothing_read = batch.counts.done == batch.counts.failed
    return output.FAILED if batch.state == "cancelled" or nothing_read else output.DONE
