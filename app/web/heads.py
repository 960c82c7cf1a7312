"""What the head of a batch's page shows, read once for all tabs that look at the batch at the same time."""

from dataclasses import dataclass, field
from typing import Any

from app.errors import Language, RedisDown
from app.models.people import MAIN
from app.services import accounts, activity, batches, crew, pace
from app.services.house import House
from app.services.shapes import BatchView, Pace
from app.web.backend import house
from app.web.joined import Joined


@dataclass(frozen=True, slots=True)
class Asked:
    """A batch that somebody of ``workspace`` looks at."""

    batch: int
    workspace: int = MAIN


@dataclass(frozen=True, slots=True)
class Look:
    """A batch as it stands. ``workers``: how many there are, None when Redis, which alone knows, does not answer;
    ``acts``: how many things were done to the batch. ``written``: what is said of it, by language, for all tabs that
    are given this look."""

    batch: BatchView
    pace: Pace
    workers: int | None
    acts: int = 0
    written: dict[Language, dict[str, Any]] = field(default_factory=dict, compare=False, repr=False)


def require(at: House, asked: Asked) -> int:
    """The batch's id; blocking. Raises NoSuchBatch, for a batch of another workspace too."""
    return batches.require_in(at, asked.workspace, asked.batch)


def read(at: House, asked: Asked) -> Look:
    """The look as it is now; blocking. Raises NoSuchBatch, for a batch of another workspace too; DatabaseDown."""
    accounts.refresh(at)
    batch = batches.get(at, require(at, asked))
    return Look(batch, pace.pace(at, batch), _workers(at), activity.count(at, batch.id))


def _workers(at: House) -> int | None:
    try:
        return crew.workers_there(at)
    except RedisDown:
        return None


heads: Joined[Asked, Look] = Joined(lambda asked: read(house(), asked))
