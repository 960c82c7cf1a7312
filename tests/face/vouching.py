"""A house whose people may come by a simulated issuer, and a browser that goes there and back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import HTTPErrorProcessor, build_opener

import pytest

from app.api.guard import Guard
from app.api.main import build_api
from app.db.migrate import upgrade_database
from app.services import issuer
from app.services.house import House, open_house
from app.settings import Settings
from app.web import door, door_issuer
from tests.face.api import HOME, TestClient
from tests.face.signed_in import browser_of
from tests.simulators.issuer import IssuerSimulator
from tests.stage import environment

ROLES = {"KEYBATCH_OIDC_ROLES_CLAIM": "groups", "KEYBATCH_OIDC_ROLES": "kb-admins=admin, staff=member"}


class Stays(HTTPErrorProcessor):
    def http_response(self, _request: Any, response: Any) -> Any:
        return response


@pytest.fixture(scope="module")
def issuing() -> Iterator[IssuerSimulator]:
    with IssuerSimulator() as found:
        yield found


@pytest.fixture
def vouching_house(
    issuing: IssuerSimulator, tmp_path: Path, valkey: Any, settings_of: dict[str, str]
) -> Iterator[House]:
    """A house with an owner, whose people may come by the issuer."""
    issuing.configure(auto="10001", alg="RS256", says={}, called="", down=False, faults={}, now=None)
    issuer._of.cache_clear()
    with environment({**settings_of, **issuing.env(), **ROLES}):
        found = open_house(Settings())
        upgrade_database(found.db)
        browser_of(found)
        yield found
        found.close()


@pytest.fixture
def by_issuer(vouching_house: House) -> Iterator[TestClient]:
    built = build_api(vouching_house)
    built.include_router(door.router)
    built.include_router(door_issuer.router)
    with TestClient(Guard(built), base_url=HOME, follow_redirects=False, headers={"accept-language": "en"}) as client:
        yield client


def go(browser: TestClient, next_: str = "") -> str:
    """The address that the issuer sends the browser back to."""
    there = browser.get("/sign-in/issuer", params={"next": next_} if next_ else None)
    assert there.status_code == 303, there.text
    answer = build_opener(Stays).open(there.headers["location"], timeout=5)
    location: str = answer.headers["location"]
    assert location.startswith(f"{HOME}/sign-in/callback?")
    return location


def signs_in(browser: TestClient, next_: str = "") -> Any:
    return browser.get(go(browser, next_))


def me(browser: TestClient) -> Any:
    return browser.get("/api/v1/me").json()
