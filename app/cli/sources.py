"""``sources``: what can be asked, and what each source still needs."""

from app.cli import labels, output, words
from app.cli.given import AsJson
from app.errors import language_of
from app.services.catalogue import catalogue
from app.services.holdings import SourceInfo


def sources(as_json: AsJson = False) -> None:
    """List the sources: ready or what each needs, its rate and its quota."""
    with output.house() as house:
        found = catalogue(house)
    if as_json:
        output.print_json(found)
    else:
        output.print_table(labels.SOURCE_COLUMNS, [_line(source) for source in found], right=(4, 5))


def _line(source: SourceInfo) -> list[str]:
    korean = language_of() == "ko"
    title = f"{source.upstream_ko} · {source.ko}" if korean else f"{source.upstream_en} · {source.en}"
    ready = words.READY_SOURCE.say() if source.ready else words.NEEDS.say(settings=", ".join(source.missing))
    rate = words.OFFLINE.say() if source.offline else source.rate or words.NO_LIMIT.say()
    return [source.name, title, ready, rate, _count(source.quota), _count(source.left_today)]


def _count(number: int | None) -> str:
    return f"{number:,}" if number is not None else "–"
