"""``history``: every measurement of a keyword, whichever batch made it."""

from typing import Annotated

import typer

from app.cli import backup_words, given, labels, output, words
from app.db.migrate import require_current
from app.services import history as service
from app.services.shapes import Point


def history(
    keyword: Annotated[str, typer.Argument(metavar="KEYWORD", help="Cleaned as a submit cleans it.")],
    source: Annotated[str, typer.Option(help="Only what this source said.")] = "",
    as_json: given.AsJson = False,
) -> None:
    """List every measurement of a keyword, oldest first."""
    with output.house() as house:
        require_current(house.db)
        found = service.history(house, keyword, source)
        whole = service.is_whole(house)
    if as_json:
        output.print_json(found)
    elif found:
        output.print_table(labels.HISTORY_COLUMNS, [_line(point) for point in found], right=(3, 5, 6))
    else:
        output.note(words.NO_HISTORY, keyword=output.one_line(keyword))
    if not whole:
        output.note(backup_words.PURGED)


def _line(point: Point) -> list[str]:
    made = str(point.batch), point.account, str(point.attempts), words.MILLISECONDS.say(ms=point.latency_ms)
    return [output.when(point.observed_at), point.source, _reading(point), *made]


def _reading(point: Point) -> str:
    """The number where there is one; never one where there is none."""
    if point.state == "ok" and point.value is not None:
        return _number(point.value)
    if point.state == "below" and point.upper is not None:
        return words.UPPER.say(upper=_number(point.upper))
    word = labels.READINGS[point.state].say() if point.state in labels.READINGS else point.state
    reading = f"{word}: {point.error}" if point.error else word
    return words.ASKED_AGAIN.say(reading=reading) if point.superseded else reading


def _number(value: float) -> str:
    return f"{int(value):,}" if value.is_integer() else f"{value:,}"
