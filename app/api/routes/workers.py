"""Who works, over HTTP."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from app.api.deps import Reader, TheHouse
from app.api.schemas import workers as schemas
from app.api.schemas.problems import PROBLEMS
from app.services import crew, wire
from app.services.crew import SchedulerView, WorkerView

router = APIRouter(prefix="/api/v1/workers", tags=["workers"])


@router.get("", response_model=schemas.Workers, responses=PROBLEMS(503), summary="Who works, and what waits")
def workers(house: TheHouse, who: Reader) -> dict[str, Any]:
    """Worker processes with what they do now, queues with what waits in them, and schedulers."""
    found = crew.crew(house, who.workspace)
    return {
        "workers": [_worker(one) for one in found.workers],
        "queues": [asdict(one) for one in found.queues],
        "schedulers": [{**asdict(one), **_times(one)} for one in found.schedulers],
    }


def _worker(one: WorkerView) -> dict[str, Any]:
    return {**asdict(one), **_times(one), "doing": one.doing or None, "source": one.source or None}


def _times(one: WorkerView | SchedulerView) -> dict[str, Any]:
    return {"since": wire.instant(one.since), "seen_at": wire.instant(one.seen_at)}
