"""What the head of a batch's page shows, read once for all tabs that look at the batch at the same time."""

from dataclasses import dataclass, field

from app.models.people import MAIN
from app.services import accounts, batches, control, pace
from app.services.house import House
from app.services.shapes import BatchView, Failure, Pace
from app.web.backend import house
from app.web.joined import Joined
from app.web.reads import queue_answers


@dataclass(frozen=True, slots=True)
class Asked:
    """A batch that somebody of ``workspace`` looks at."""

    batch: int
    workspace: int = MAIN


@dataclass(frozen=True, slots=True)
class Look:
    """A batch as it stands. ``queue`` says whether Redis answered; nothing else here needs it."""

    batch: BatchView
    pace: Pace
    queue: bool
    failures: list[Failure] = field(default_factory=list)


def read(at: House, asked: Asked) -> Look:
    """The look as it is now; blocking. Raises NoSuchBatch, for a batch of another workspace too; DatabaseDown."""
    accounts.refresh(at)
    batch = batches.get(at, batches.require_in(at, asked.workspace, asked.batch))
    failures = control.failures(at, batch.id) if batch.counts.failed else []
    return Look(batch, pace.pace(at, batch), queue_answers(at), failures)


heads: Joined[Asked, Look] = Joined(lambda asked: read(house(), asked))
