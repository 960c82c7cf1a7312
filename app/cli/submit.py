"""``submit``: keywords from a file or standard input become a batch."""

import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from app.cli import follow, given, keywords, labels, output, words
from app.services import batches, derived
from app.services.house import require
from app.services.shapes import Preview, Submitted


def submit(
    file: keywords.File,
    source: given.Sources = None,
    name: Annotated[str, typer.Option(help="What the batch is called.")] = "",
    priority: given.Priority = "default",
    max_age: given.MaxAge = "0",
    deadline: Annotated[str, typer.Option(help="When to stop whatever is unread: 2026-11-22T09:00, or 2h, 3d.")] = "",
    owner: Annotated[str, typer.Option(help="Whose it is; batches of different owners take turns.")] = "",
    account: given.Accounts = None,
    documents: Annotated[
        str, typer.Option(metavar="SOURCE", help="Whose documents the competition ratio counts.")
    ] = "",
    encoding: keywords.Encoding = "",
    delimiter: keywords.Delimiter = None,
    header: keywords.Header = None,
    column: keywords.KeywordColumn = "",
    sheet: keywords.Sheet = "",
    normalise: keywords.Normalise = None,
    fix: keywords.Fix = None,
    merge_spacing: keywords.MergeSpacing = False,
    wait: Annotated[bool, typer.Option("--wait", help="Follow it until it has ended.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object instead of the id.")] = False,
) -> None:
    """Submit keywords; prints the id of the new batch."""
    age, until = given.seconds(max_age), given.moment(deadline)
    options: dict[str, Any] = {"name": name, "priority": priority, "owner": owner, "pay_with": given.accounts(account)}
    options["worked_out"] = derived.suggested(source or [], documents) if documents else None
    options["treatment"] = keywords.treatment(normalise, fix, merge_spacing=merge_spacing)
    wanted = keywords.Wanted(encoding, delimiter, header, column, sheet)
    with output.house() as house, keywords.opened(file, wanted) as found:
        require(house)
        output.note(words.TAKEN_FOR, layout=keywords.describe(found.layout))
        with output.aside().status(words.READING.say()):
            done = batches.submit(
                house, found.lines, source or [], columns=found.others, max_age_s=age, deadline_at=until, **options
            )
        output.note(words.ACCEPTED, batch=done.batch, items=done.items, merged=done.merged, rejected=done.rejected)
        for line in mended(done):
            output.aside().print(line)
        if until is not None:
            output.note(words.DEADLINE, at=output.when(until))
        if as_json:
            output.print_json(done)
        else:
            sys.stdout.write(f"{done.batch}\n")
            sys.stdout.flush()
        if wait:
            raise typer.Exit(follow.to_the_end(house, done.batch, follow.bar_or_lines(output.aside())))


def mended(taken: Submitted | Preview) -> Iterator[str]:
    """What was repaired, and the first lines that were rejected, with their numbers."""
    if taken.repaired:
        yield words.REPAIRED.say(count=taken.repaired)
    for one in taken.rejections:
        reason = labels.REJECTIONS[one.reason].say()
        yield words.REJECTED_LINE.say(line=one.line, reason=reason, excerpt=one.excerpt or "–")
    if taken.rejected > len(taken.rejections):
        yield words.MORE_REJECTED.say(count=taken.rejected - len(taken.rejections))
