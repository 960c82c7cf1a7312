"""Whether this process lives, and whether it can work."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse

from app.api.deps import TheHouse
from app.services import health

router = APIRouter(tags=["health"])
#: Without these a web process cannot serve; workers and the scheduler are somebody else's health.
NEEDED = frozenset({"database", "migrations", "redis"})


@router.get("/healthz", summary="This process lives")
def healthz() -> dict[str, str]:
    """Answers as long as the process does."""
    return {"status": "ok"}


@router.get("/readyz", summary="This process can serve")
def readyz(house: TheHouse) -> JSONResponse:
    """200 when database, tables and Redis are there, 503 otherwise; says what is wrong and the remedy."""
    found = health.checks(house)
    ready = all(check.ok for check in found if check.name in NEEDED)
    checks: list[dict[str, Any]] = [
        {"name": check.name, "ok": check.ok, "detail": check.detail, "remedy": check.remedy} for check in found
    ]
    return JSONResponse({"status": "ready" if ready else "not ready", "checks": checks}, 200 if ready else 503)
