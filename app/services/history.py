"""Every measurement ever made of a keyword, over all batches: one point each, none overwritten."""

from typing import Any

from sqlalchemy import Row

from app.errors import BadValue
from app.repositories import readings, retention
from app.repositories.items import keyword_id
from app.services.house import House
from app.services.normal import clean
from app.services.shapes import Point
from app.sources import registry


def history(house: House, keyword: str, source: str = "") -> list[Point]:
    """The measurements of ``keyword`` (cleaned as a submit cleans it), the oldest first; of one ``source`` or of all.
    Raises BadValue for no keyword, UnknownSource."""
    asked = clean(keyword)
    if not asked:
        raise BadValue(name="keyword", value=keyword, why="Give a keyword.")
    if source:
        registry.get(source)
    with house.db.read() as connection:
        rows = readings.measurements(connection, keyword_id(asked), source)
    return [point(row, asked) for row in rows]


def is_whole(house: House) -> bool:
    """Whether it is of every batch there is; False where readings of some are not kept any more."""
    with house.db.read() as connection:
        return not retention.any_gone(connection)


def point(row: Row[Any], keyword: str) -> Point:
    """A stored measurement of ``keyword``."""
    return Point(
        keyword=keyword,
        source=row.source,
        state=row.state,
        value=row.value,
        upper=row.upper,
        observed_at=row.observed_at,
        batch=row.batch_id,
        account=row.account,
        attempts=row.attempts,
        latency_ms=row.latency_ms,
        error=row.error or "",
        detail=row.detail or "",
        superseded=bool(row.past),
    )
