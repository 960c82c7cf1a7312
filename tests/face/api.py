"""The API over a real temporary house, for face tests: with a token, and readings without workers."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert

from app.api.guard import Guard
from app.api.main import build_api
from app.models.people import MAIN
from app.models.tables import workspace
from app.services import batches, slices, tokens
from app.services.callers import SCOPES, Caller, Scope
from app.services.house import House
from app.services.lanes import Outcome
from app.sources.base import Reading
from tests.store.working import NOW, take_lane

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have the successor of httpx, which nothing else here needs
    from fastapi import testclient


class TestClient(testclient.TestClient):
    """A client on this machine."""

    def __init__(self, app: Any, *args: Any, **more: Any) -> None:
        super().__init__(app, *args, **{"client": ("127.0.0.1", 50_000), **more})


HOME = "http://localhost:8000"
PUBLIC = "https://kb.example.com"


@dataclass
class Api:
    """A client that comes with ``token``; requests as httpx makes them."""

    house: House
    client: TestClient
    token: str

    def as_of(self, workspace_name: str, *scopes: Scope, **more: Any) -> "Api":
        """The same house for somebody of another workspace."""
        return Api(self.house, self.client, token_of(self.house, workspace_name, *scopes, **more))

    def request(self, method: str, url: str, **request: Any) -> Any:
        headers = {"authorization": f"Bearer {self.token}", **request.pop("headers", {})}
        return self.client.request(method, url, headers=headers, **request)

    def get(self, url: str, **request: Any) -> Any:
        return self.request("GET", url, **request)

    def post(self, url: str, **request: Any) -> Any:
        return self.request("POST", url, **request)


def token_of(house: House, name: str = "main", *scopes: Scope, **more: Any) -> str:
    """A token of the workspace called so, which is made if it is not there."""
    with house.db.work() as work:
        c = workspace.c
        found = work.connection.execute(workspace.select().where(c.name == name)).one_or_none()
        made = insert(workspace).values(name=name, created_at=0).returning(c.id)
        number = found.id if found else work.connection.execute(made).scalar_one()
    return tokens.create(house, Caller(number, frozenset(SCOPES)), "test", scopes or SCOPES, **more)[1]


def public(house: House, **more: str) -> House:
    """The same house, which is called `PUBLIC` by others."""
    return replace(house, settings=house.settings.model_copy(update={"public_url": PUBLIC, **more}))


@contextmanager
def api_over(house: House) -> Iterator[Api]:
    """The API of a house, with a token of the main workspace."""
    with TestClient(Guard(build_api(house)), base_url=HOME, raise_server_exceptions=False) as client:
        yield Api(house, client, token_of(house))


def make_failures(house: House, count: int) -> int:
    """A batch that is completed, with so many failed lookups."""
    batch = batches.submit(house, [f"k{n}" for n in range(count)], ["wordfreq.ko"]).batch
    lane = take_lane(house, batch, "wordfreq.ko", 0, 1)
    assert lane is not None
    found = slices.claim(house, lane, count)
    failed = [
        Outcome(one.position, Reading("failed"), NOW, attempts=3, error="unreachable", detail="it was away")
        for one in found
    ]
    slices.flush(house, lane, failed, count)
    slices.release(house, lane, count, finished=True)
    assert batches.require_in(house, MAIN, batch) == batch
    return batch
