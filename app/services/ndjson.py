"""Keywords as JSON lines: each a string, or an object with a ``keyword`` and what stands beside it."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

import orjson

from app.services import texts
from app.services.sheets import Line

#: The member of an object that is the keyword.
KEYWORD = "keyword"
#: Lines looked at for the names of what stands beside the keywords.
_LOOK = 100


def opened(chunks: Iterable[bytes]) -> tuple[tuple[str, ...], Iterator[Line]]:
    """The names of what stands beside the keywords in the first lines, and all lines. A line that cannot be read has
    its ``trouble`` and costs no other."""
    lines = (_line(*raw) for raw in texts.lines(chunks, "utf-8") if raw.text.strip() or raw.trouble)
    first = list(islice(lines, _LOOK))
    return tuple(dict.fromkeys(name for line in first for name in line.others)), chain(first, lines)


def _line(number: int, text: str, trouble: str) -> Line:
    if trouble:
        return Line(number, text[: texts.EXCERPT], trouble=trouble)
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        return Line(number, text[: texts.EXCERPT], trouble="not_json")
    if isinstance(said, str):
        return Line(number, said)
    if isinstance(said, dict) and isinstance(said.get(KEYWORD), str):
        return Line(
            number, said.pop(KEYWORD), {name: _cell(value) for name, value in said.items() if value is not None}
        )
    return Line(number, text[: texts.EXCERPT], trouble="not_json")


def _cell(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
