"""What the table of a batch shows, read once for all tabs that look at the same rows at the same time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.errors import Language, RedisDown
from app.models.people import MAIN
from app.services import accounts, batches, matches, results, table
from app.services.holdings import SourceInfo
from app.services.house import House, require_redis
from app.services.shapes import BatchView, Cell, Row
from app.web import table as shown_table
from app.web.backend import house
from app.web.joined import Joined
from app.web.table import RowShown
from app.web.views import PAGE, PLAIN, View


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a table that a tab looks at: the page at ``start`` (from 0) where rows are simply numbered, otherwise
    the one after ``cursor``. With ``positions`` it is these rows, whatever the view. ``workspace``: of who looks."""

    batch: int
    view: View = PLAIN
    start: int = 0
    cursor: str = ""
    workspace: int = MAIN
    positions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A batch with rows of its table. Readings after ``seq`` are not in them; ``cursor`` leads to the rows after
    them, "" where there are none or where rows are numbered. ``written``: the rows as text, by language, for all tabs
    that are given this page."""

    batch: BatchView
    rows: list[Row]
    seq: int
    cursor: str = ""
    written: dict[Language, list[RowShown]] = field(default_factory=dict, compare=False, repr=False)

    def shown(self, infos: Mapping[str, SourceInfo], language: Language) -> list[RowShown]:
        """The rows, ready to show."""
        found = self.written.get(language)
        if found is None:
            found = self.written[language] = shown_table.rows(self.rows, self.batch, infos, language)
        return found


def read(at: House, window: Window) -> Page:
    """The rows of ``window``; blocking. The batch was read first, so an ended one comes with its last rows. Raises
    NoSuchBatch, for a batch of another workspace too; BadValue for a view that makes no sense for it; DatabaseDown."""
    accounts.refresh(at)
    batch = batches.get(at, batches.require_in(at, window.workspace, window.batch))
    if window.positions:
        return Page(batch, _rows_at(at, batch, window.positions), batch.seq)
    if window.view.is_plain:
        return Page(batch, results.rows(at, batch, start=window.start, limit=PAGE), batch.seq)
    view = window.view
    found = table.page(
        at, batch.id, sort=view.sort, order=view.order, filters=view.filters, q=view.q, cursor=window.cursor, limit=PAGE
    )
    rows = _rows_at(at, batch, [row["position"] for row in found.rows])
    return Page(batch, _as_of(found.seq, rows), found.seq, found.cursor or "")


def _rows_at(at: House, batch: BatchView, positions: Sequence[int]) -> list[Row]:
    """The rows at ``positions``, in this order."""
    with at.db.read() as connection:
        found = {row.position: row for row in results.rows_at(connection, batch, positions)}
    return [found[position] for position in positions if position in found]


def _as_of(seq: int, rows: list[Row]) -> list[Row]:
    """The rows without what was read after ``seq``, as they are what that moment's order and filters made of them."""
    return [
        replace(row, cells=tuple(Cell("pending") if cell.seq > seq else cell for cell in row.cells)) for row in rows
    ]


def queue_answers(at: House) -> bool:
    """Whether Redis answers; blocking."""
    try:
        require_redis(at)
    except RedisDown:
        return False
    return True


reads: Joined[Window, Page] = Joined(lambda window: read(house(), window))


def count(at: House, window: Window) -> int:
    """How many rows the whole table of ``window`` has now; blocking. Raises as `read`."""
    batch = batches.require_in(at, window.workspace, window.batch)
    return matches.count(at, batch, window.view.filters, window.view.q)


counts: Joined[Window, int] = Joined(lambda window: count(house(), window))
