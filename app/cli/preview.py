"""``preview``: what a submit would take, cost and when it would end, before a call is spent."""

from app.cli import given, labels, outlook, output, usage, words
from app.cli.submit import mended
from app.db.migrate import require_current
from app.services import preview as service
from app.services.shapes import Preview, SourceNeeds


def preview(
    file: given.Keywords,
    source: given.Sources = None,
    priority: given.Priority = "default",
    max_age: given.MaxAge = "0",
    as_json: given.AsJson = False,
) -> None:
    """Say what a submit would take and cost, and when it would end. Nothing is asked or stored."""
    age = given.seconds(max_age)
    with output.house() as house, given.lines(file) as lines:
        require_current(house.db)
        with output.aside().status(words.READING.say()):
            found = service.preview(house, lines, source or [], priority=priority, max_age_s=age)
    if as_json:
        output.print_json(found)
    else:
        _report(found)


def _report(found: Preview) -> None:
    console = output.result()
    console.print(words.WOULD_TAKE.say(items=found.items, merged=found.merged, rejected=found.rejected))
    for line in mended(found):
        console.print(line)
    console.print()
    output.print_table(labels.NEEDS_COLUMNS, [_line(needs) for needs in found.sources], right=(1, 2, 3))
    console.print()
    if found.accounts:
        usage.show(found.accounts)
        console.print()
    console.print(words.WOULD_ASK.say(lookups=found.lookups, cached=found.cached, calls=found.calls))
    console.print(_end(found))


def _line(needs: SourceNeeds) -> list[str]:
    return [needs.name, f"{needs.lookups:,}", f"{needs.cached:,}", f"{needs.calls:,}"]


def _end(found: Preview) -> str:
    if not found.calls:
        return words.NO_CALLS.say()
    if found.ends_at is not None:
        return words.WOULD_END.say(end=outlook.end(found.ends_at, found.binds))
    return words.NO_LIMITS.say() if found.binds == "speed" else words.NO_END_NOW.say(why=outlook.binds(found.binds))
