"""``pause``, ``resume``, ``cancel``, ``retry``, ``rerun``, ``expand``, and ``failures``, from which a retry picks."""

import sys
from typing import Annotated

import typer

from app.cli import given, labels, outlook, output, words
from app.cli.given import AsJson, BatchId
from app.db.migrate import require_current
from app.services import control as service
from app.services import expansion
from app.services.callers import OPERATOR
from app.services.house import require
from app.services.shapes import BatchView, Failure


def pause(batch_id: BatchId, as_json: AsJson = False) -> None:
    """Let a batch rest; what was read is kept."""
    with output.house() as house:
        require(house)
        batch = service.pause(house, batch_id, who=OPERATOR)
    _say(words.PAUSED, batch, as_json=as_json)


def resume(batch_id: BatchId, as_json: AsJson = False) -> None:
    """Let a paused or cancelled batch go on where it stopped."""
    with output.house() as house:
        require(house)
        batch = service.resume(house, batch_id, who=OPERATOR)
    _say(words.RESUMED, batch, as_json=as_json)
    if batch.deadline_at is not None and not as_json:
        output.note(words.DEADLINE, at=output.when(batch.deadline_at))


def cancel(batch_id: BatchId, as_json: AsJson = False) -> None:
    """Stop a batch; what was read is kept."""
    with output.house() as house:
        require(house)
        batch = service.cancel(house, batch_id, who=OPERATOR)
    _say(words.CANCELLED, batch, as_json=as_json)


def retry(
    batch_id: BatchId,
    error: Annotated[str, typer.Option(help="Only those of this error class, as unreachable.")] = "",
    source: Annotated[str, typer.Option(help="Only those of this source.")] = "",
    first: Annotated[
        int | None, typer.Option(min=1, help="Only the first so many that failed, to see whether it helps.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask failed lookups again."""
    error = given.error_class(error)
    with output.house() as house:
        require(house)
        done = service.retry(house, batch_id, error=error, source=source, first=first, who=OPERATOR)
    if as_json:
        output.print_json(done)
        return
    sentence = words.RETRIED_LATER if done.batch.state == "paused" else words.RETRIED
    output.note(sentence, batch=batch_id, count=done.lookups, state=outlook.state(done.batch))


def rerun(batch_id: BatchId, as_json: AsJson = False) -> None:
    """Ask everything anew, as a new batch; prints its id."""
    with output.house() as house:
        require(house)
        batch = service.rerun(house, batch_id, who=OPERATOR)
    if as_json:
        output.print_json(batch)
        return
    output.note(words.RERUN, batch=batch.id, old=batch_id, lookups=batch.lookups, state=outlook.state(batch))
    sys.stdout.write(f"{batch.id}\n")
    sys.stdout.flush()


def expand(
    batch_id: BatchId,
    source: given.Sources = None,
    most: Annotated[int, typer.Option(min=1, help="The most related keywords taken of each reading.")] = 20,
    name: Annotated[str, typer.Option(help="What the new batch is called.")] = "",
    priority: given.Priority = "default",
    max_age: given.MaxAge = "0",
    as_json: AsJson = False,
) -> None:
    """Submit the related keywords that a batch has found as a new batch; prints its id."""
    age = given.seconds(max_age)
    with output.house() as house:
        require(house)
        done = expansion.expand(house, batch_id, source or (), most=most, name=name, priority=priority, max_age_s=age)
    if as_json:
        output.print_json(done)
        return
    output.note(words.EXPANDED, batch=done.batch, old=batch_id, items=done.items)
    sys.stdout.write(f"{done.batch}\n")
    sys.stdout.flush()


def failures(batch_id: BatchId, as_json: AsJson = False) -> None:
    """List failed lookups by source and error class. The last column is what the newest of them said."""
    with output.house() as house:
        require_current(house.db)
        found = service.failures(house, batch_id)
    if as_json:
        output.print_json(found)
    elif found:
        output.print_table(labels.FAILURE_COLUMNS, [_line(failure) for failure in found], right=(2,))
    else:
        output.note(words.NO_FAILURES, batch=batch_id)


def _line(failure: Failure) -> list[str]:
    return [failure.source, failure.error, f"{failure.count:,}", output.one_line(failure.detail)]


def _say(sentence: words.Sentence, batch: BatchView, *, as_json: bool) -> None:
    if as_json:
        output.print_json(batch)
        return
    facts = {"state": outlook.state(batch), "done": batch.counts.done, "lookups": batch.lookups}
    output.note(sentence, batch=batch.id, **facts)
