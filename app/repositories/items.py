"""SQL of items and keywords."""

import hashlib
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Row, Select, exists, func, insert, literal, select

from app.db import bulk
from app.models.tables import item, keyword, reading
from app.repositories.terms import within_range


def keyword_id(text: str) -> int:
    """The key of a keyword: 64 bits of BLAKE2b, signed. Two different texts among a million share one with a
    probability of 3 in 100 million."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def add(connection: Connection, rows: Iterable[Sequence[object]]) -> None:
    """Insert items: (batch id, position, keyword id, as typed, line, merged, others)."""
    columns = ("batch_id", "position", "keyword_id", "typed", "line", "merged", "others")
    bulk.insert(connection, item, columns, rows)


def add_keywords(connection: Connection, rows: Iterable[tuple[int, str]]) -> None:
    """Insert keywords that are not there yet: (id, text)."""
    bulk.insert_new(connection, keyword, ("id", "text"), rows)


def serialise_submits(connection: Connection) -> None:
    """Let one submit at a time insert keywords: two of them, in different orders, would lock each other out on
    Postgres. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE keyword IN SHARE ROW EXCLUSIVE MODE")


def unread(connection: Connection, batch_id: int, source: str, start: int, stop: int) -> Sequence[Row[int, int, str]]:
    """(position, keyword id, text as asked) of the items in [start, stop) that have no reading from ``source``."""
    read = exists().where(
        reading.c.batch_id == batch_id, reading.c.source == source, reading.c.position == item.c.position
    )
    statement = (
        select(item.c.position, item.c.keyword_id, keyword.c.text)
        .join(keyword, keyword.c.id == item.c.keyword_id)
        .where(item.c.batch_id == batch_id, item.c.position >= start, item.c.position < stop, ~read)
        .order_by(item.c.position)
    )
    return connection.execute(statement).all()


def next_unread(
    connection: Connection, batch_id: int, source: str, start: int, limit: int, besides: Sequence[tuple[int, int]]
) -> Sequence[Row[int, int, str]]:
    """As `unread`, the first ``limit`` from ``start`` on, leaving out the spans ``besides``."""
    read = exists().where(
        reading.c.batch_id == batch_id, reading.c.source == source, reading.c.position == item.c.position
    )
    outside = [(item.c.position < a) | (item.c.position >= b) for a, b in besides]
    statement = (
        select(item.c.position, item.c.keyword_id, keyword.c.text)
        .join(keyword, keyword.c.id == item.c.keyword_id)
        .where(item.c.batch_id == batch_id, item.c.position >= start, ~read, *outside)
        .order_by(item.c.position)
        .limit(limit)
    )
    return connection.execute(statement).all()


def among(
    connection: Connection, batch_id: int, source: str, start: int, stop: int, keyword_ids: Sequence[int]
) -> set[int]:
    """Which of ``keyword_ids`` are among the items in [start, stop) that have no reading from ``source``."""
    read = exists().where(
        reading.c.batch_id == batch_id, reading.c.source == source, reading.c.position == item.c.position
    )
    statement = select(item.c.keyword_id).where(
        item.c.batch_id == batch_id, item.c.position >= start, item.c.position < stop, ~read
    )
    return set(connection.execute(statement).scalars()) & set(keyword_ids)


def copy(connection: Connection, batch_id: int, to: int) -> None:
    """Give batch ``to`` the items of ``batch_id``."""
    c = item.c
    columns = [c.position, c.keyword_id, c.typed, c.line, c.merged, c.others]
    rows = select(literal(to), *columns).where(c.batch_id == batch_id)
    connection.execute(insert(item).from_select(["batch_id", *(column.name for column in columns)], rows))


@within_range()
def copy_some(connection: Connection, batch_id: int, to: int, rows: Select[int]) -> tuple[int, int]:
    """Give batch ``to`` those items of ``batch_id`` that are at the positions ``rows``, one after the other: how many
    there are, and how many lines were merged into them."""
    c = item.c
    position = func.row_number().over(order_by=c.position) - 1
    kept = [c.keyword_id, c.typed, c.line, c.merged, c.others]
    found = select(literal(to), position, *kept).where(c.batch_id == batch_id, c.position.in_(rows))
    names = ["batch_id", "position", *(column.name for column in kept)]
    connection.execute(insert(item).from_select(names, found.order_by(c.position)))
    there = select(func.count(), func.coalesce(func.sum(c.merged), 0)).where(c.batch_id == to)
    count, merged = connection.execute(there).one()
    return int(count), int(merged)


def span(
    connection: Connection, batch_id: int, positions: Sequence[int] | range
) -> Sequence[Row[int, str, str, int, str | None]]:
    """(position, typed, asked, merged, others) of the items at ``positions``, by position."""
    at = (
        (item.c.position >= positions.start) & (item.c.position < positions.stop)
        if isinstance(positions, range)
        else item.c.position.in_(positions)
    )
    statement = (
        select(item.c.position, item.c.typed, keyword.c.text, item.c.merged, item.c.others)
        .join(keyword, keyword.c.id == item.c.keyword_id)
        .where(item.c.batch_id == batch_id, at)
        .order_by(item.c.position)
    )
    return connection.execute(statement).all()
