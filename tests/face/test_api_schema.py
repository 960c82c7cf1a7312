"""The OpenAPI is kept: whatever fits it is answered as it says, whatever does not is refused, and nothing is a 5xx.

A worker by hand works beside it, so that streams end. ``KEYBATCH_EXAMPLES`` asks for more than the suite has time for.
"""

import os
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import SkipTest

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from app.api.guard import Guard
from app.api.main import build_api
from app.db.migrate import upgrade
from app.services import batches, control, people, tokens
from app.services.callers import OPERATOR, SCOPES
from app.services.house import House, open_house
from app.settings import Settings
from tests.face.api import make_failures
from tests.face.test_api_who import ALL
from tests.stage import environment
from tests.store.working import read_everything

EXAMPLES = int(os.environ.get("KEYBATCH_EXAMPLES", "12"))
HOST = {"host": "localhost:8000"}
#: Whether a source is there, a moment is to come or a name is free, no schema can say.
ALLOWED = ["2xx", "304", "400", "401", "403", "404", "409", "410", "429"]
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {"positive_data_acceptance": {"expected-statuses": ALLOWED}},
        "generation": {"max-examples": EXAMPLES},
    }
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, valkey_url: str) -> Iterator[House]:
    """A house of its own for all operations, with something of every kind."""
    folder: Path = tmp_path_factory.mktemp("schema")
    given = {"KEYBATCH_DATA_DIR": str(folder), "KEYBATCH_REDIS_URL": f"{valkey_url}?db=3", "KEYBATCH_API_RATE": "none"}
    with environment(given):
        found = open_house(Settings())
        upgrade(found.settings)
        found.redis.flushdb()
        people.add(found, "owner", "a password that is long", "owner")
        for count in (1, 3):
            make_failures(found, count)
        batches.submit(found, ["맥북", "우산", "없는 낱말 하나"], ["wordfreq.ko"], tags=["가을"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def worked(house: House) -> Iterator[House]:
    """The same with somebody who works."""
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(0.05):
            for batch in batches.listing(house, limit=200):
                if batch.state in ("queued", "running"):
                    read_everything(house, batch.id)

    worker = threading.Thread(target=work)
    worker.start()
    yield house
    ended.set()
    worker.join()


def here(app: Any) -> Any:
    """The application as one on this machine reaches it."""

    async def local(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "client": ("127.0.0.1", 50_000)}, receive, send)

    return local


@pytest.fixture(scope="module")
def described(worked: House) -> Any:
    """The schema of its API."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return schemathesis.openapi.from_asgi(
            "/api/openapi.json", here(Guard(build_api(worked))), config=CONFIG, headers=HOST
        )


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("route", [(one.method, one.path) for one in ALL], ids=" ".join)
def test_every_route_keeps_what_it_says(described: Any, worked: House, route: tuple[str, str], mode: GenerationMode):
    method, path = route
    operation = described[path][method]
    headers = dict(HOST)
    if operation.definition.raw.get("security"):
        headers["Authorization"] = f"Bearer {tokens.create(worked, OPERATOR, 'schema', SCOPES)[1]}"

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        if path.endswith("/events"):
            settle(worked, case.path_parameters.get("batch_id"))
        case.call_and_validate(headers=headers)

    try:
        run()
    except (Unsatisfiable, SkipTest):
        assert mode is GenerationMode.NEGATIVE  # there is nothing that could be wrong


def settle(house: House, batch: Any) -> None:
    """A stream of a batch that rests would not end."""
    known = {one.id: one for one in batches.listing(house)}
    if batch in known and known[batch].state == "paused":
        control.cancel(house, batch)
