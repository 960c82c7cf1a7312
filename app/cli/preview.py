"""``preview``: what a submit would take, cost and when it would end, before a call is spent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli import given, keywords, labels, outlook, output, usage, words
from app.cli.submit import mended
from app.db.migrate import require_current
from app.errors import language_of
from app.services import preview as service
from app.services import told
from app.services.intake import Told
from app.services.normal import STEPS
from app.services.shapes import Preview, SourceNeeds

#: Doubts and groups told one by one; the rest is counted.
SHOWN = 10


def preview(
    file: keywords.File,
    source: given.Sources = None,
    priority: given.Priority = "default",
    max_age: given.MaxAge = "0",
    account: given.Accounts = None,
    encoding: keywords.Encoding = "",
    delimiter: keywords.Delimiter = None,
    header: keywords.Header = None,
    column: keywords.KeywordColumn = "",
    sheet: keywords.Sheet = "",
    normalise: keywords.Normalise = None,
    fix: keywords.Fix = None,
    merge_spacing: keywords.MergeSpacing = False,
    report: Annotated[
        str, typer.Option(metavar="FILE", help="Write every line that is not simply taken to this CSV.")
    ] = "",
    as_json: given.AsJson = False,
) -> None:
    """Say what a submit would take and cost, and when it would end. Nothing is asked or stored."""
    options: dict[str, Any] = {"priority": priority, "max_age_s": given.seconds(max_age)}
    options |= {"pay_with": given.accounts(account)}
    options |= {"treatment": keywords.treatment(normalise, fix, merge_spacing=merge_spacing)}
    wanted = keywords.Wanted(encoding, delimiter, header, column, sheet)
    with output.house() as house, keywords.opened(file, wanted) as given_, _telling(report) as tell:
        require_current(house.db)
        output.note(words.TAKEN_FOR, layout=keywords.describe(given_.layout))
        with output.aside().status(words.READING.say()):
            found = service.preview(house, given_.lines, source or [], tell=tell, **options)
    if as_json:
        output.print_json(found)
    else:
        _report(found)


@contextmanager
def _telling(report: str) -> Iterator[Callable[[Told], None] | None]:
    """What writes the report, if one is wanted."""
    if not report:
        yield None
        return
    try:
        file = Path(report).open("wb")  # noqa: SIM115 -- closed by the with below
    except OSError as exc:
        output.refuse(words.CANNOT_WRITE, file=report, why=exc.strerror or exc)
    with file:
        file.write(told.head())

        def tell(one: Told) -> None:
            file.write(told.line(one))

        yield tell


def _report(found: Preview) -> None:
    console = output.result()
    console.print(words.WOULD_TAKE.say(items=found.items, merged=found.merged, rejected=found.rejected))
    for line in (*mended(found), *_doubts(found)):
        console.print(line)
    console.print()
    output.print_table(labels.NEEDS_COLUMNS, [_line(needs) for needs in found.sources], right=(1, 2, 3))
    console.print()
    if found.accounts:
        usage.show(found.accounts)
        console.print()
    console.print(words.WOULD_ASK.say(lookups=found.lookups, cached=found.cached, calls=found.calls))
    console.print(_end(found))


def _doubts(found: Preview) -> Iterator[str]:
    """What was changed by which step, what may not be what was meant, and what differs in spaces only."""
    if found.changed:
        counts = (
            f"{step.ko if language_of() == 'ko' else step.en} {found.changed[step.key]:,}"
            for step in STEPS
            if step.key in found.changed
        )
        yield "  " + " · ".join(counts)
    for one in found.doubtful[:SHOWN]:
        facts = {"line": one.position, "typed": one.typed, "kind": labels.DOUBTS[one.kind].say()}
        yield (words.DOUBT_OFFER.say(offered=one.offered, **facts) if one.offered else words.DOUBT.say(**facts))
    more = sum(found.doubted.values()) - min(len(found.doubtful), SHOWN)
    if more > 0:
        yield words.MORE_DOUBTS.say(count=more)
    for group in found.spacings[:SHOWN]:
        yield words.SPACING.say(group=" = ".join(f"“{one}”" for one in group))
    if found.spaced > SHOWN:
        yield words.MORE_SPACINGS.say(count=found.spaced - SHOWN)


def _line(needs: SourceNeeds) -> list[str]:
    return [needs.name, f"{needs.lookups:,}", f"{needs.cached:,}", f"{needs.calls:,}"]


def _end(found: Preview) -> str:
    if not found.calls:
        return words.NO_CALLS.say()
    if found.ends_at is not None:
        return words.WOULD_END.say(end=outlook.end(found.ends_at, found.binds))
    return words.NO_LIMITS.say() if found.binds == "speed" else words.NO_END_NOW.say(why=outlook.binds(found.binds))
