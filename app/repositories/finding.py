"""SQL of what is found in a text: a part of it, or syllables by the consonants that they begin with."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, or_, select

from app.models.tables import keyword

#: What may stand in one place of a text: characters from the first to the second, both included.
Letter = tuple[tuple[str, str], ...]
#: Letters in pieces, as macOS writes them: conjoining jamo.
_PIECES: Letter = (("\u1100", "\u11ff"),)


def holds(connection: Connection, text: ColumnElement[str], spelling: str) -> ColumnElement[bool]:
    """Whether ``spelling`` (a to z small) is in ``text``. LIKE of SQLite takes a to z for A to Z and no other letters;
    on Postgres the same is done here."""
    small = text if connection.dialect.name == "sqlite" else func.lower(text.collate("C"))
    return small.contains(spelling, autoescape=True)


def begins(
    connection: Connection, item: FromClause, letters: Sequence[Letter], *, in_pieces: bool
) -> ColumnElement[bool]:
    """Whether ``letters`` follow each other in an item as it was typed, blanks left out. ``in_pieces``: or, where that
    is written in pieces, in the keyword that was made of it."""
    sqlite = connection.dialect.name == "sqlite"
    found = _runs(item.c.typed, letters, sqlite)
    if not in_pieces:
        return found
    asked = select(keyword.c.text).where(keyword.c.id == item.c.keyword_id).scalar_subquery()
    return or_(found, and_(written_in_pieces(connection, item), _runs(asked, letters, sqlite)))


def written_in_pieces(connection: Connection, item: FromClause) -> ColumnElement[bool]:
    """Whether an item was typed with letters in pieces."""
    return _runs(item.c.typed, [_PIECES], connection.dialect.name == "sqlite")


def _runs(text: ColumnElement[str], letters: Sequence[Letter], sqlite: bool) -> ColumnElement[bool]:
    """Both databases compare by code points here and know ranges of them."""
    if not sqlite:
        return text.collate("C").regexp_match(" *".join(_matched(one) for one in letters))
    tight = func.replace(text, " ", "") if len(letters) > 1 else text
    return tight.op("GLOB", is_comparison=True)(f"*{''.join(_globbed(one) for one in letters)}*")


def _globbed(letter: Letter) -> str:
    [(first, last), *more] = letter
    plain = not more and first == last and first not in "*?["
    return first if plain else f"[{_ranges(letter)}]"


def _matched(letter: Letter) -> str:
    [(first, last), *more] = letter
    if more or first != last:
        return f"[{_ranges(letter)}]"
    return first if first.isalnum() or not first.isascii() else f"\\{first}"


def _ranges(letter: Letter) -> str:
    return "".join(first if first == last else f"{first}-{last}" for first, last in letter)
