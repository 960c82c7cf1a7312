"""What the table of a batch shows, read once for all tabs that look at the same part of it at the same time."""

from dataclasses import dataclass
from typing import Literal

from app.errors import RedisDown
from app.models.people import MAIN
from app.services import batches, results
from app.services.house import House, require_redis
from app.services.shapes import BatchView, Row
from app.web.backend import house
from app.web.joined import Joined

#: Rows on one page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a batch that a tab looks at; ``start`` counts from 0 and only matters in order of position.
    ``workspace``: that of who looks."""

    batch: int
    order: Literal["position", "newest"] = "position"
    start: int = 0
    workspace: int = MAIN


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A batch with the rows of a window. The batch was read first, so an ended one comes with its last rows."""

    batch: BatchView
    rows: list[Row]


def read(at: House, window: Window) -> Snapshot:
    """The snapshot as it is now; blocking. Raises NoSuchBatch, for a batch of another workspace too; DatabaseDown."""
    batch = batches.get(at, batches.require_in(at, window.workspace, window.batch))
    if window.order == "newest":
        return Snapshot(batch, results.latest(at, batch, limit=PAGE))
    return Snapshot(batch, results.rows(at, batch, start=window.start, limit=PAGE))


def queue_answers(at: House) -> bool:
    """Whether Redis answers; blocking."""
    try:
        require_redis(at)
    except RedisDown:
        return False
    return True


reads: Joined[Window, Snapshot] = Joined(lambda window: read(house(), window))
