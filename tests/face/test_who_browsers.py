"""Who may do what with a browser: every route of the OpenAPI and every place behind the guard × roles, sessions
that are over, no proof, other sites, another workspace."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect

from app import clock
from app.api.guard import Guard
from app.api.main import build_api
from app.db.migrate import upgrade
from app.services import cookies, sessions
from app.services.callers import MAY
from app.services.house import House, open_house
from app.settings import Settings
from tests.face.api import HOME, Api, TestClient, token_of
from tests.face.signed_in import browser_of
from tests.face.test_api_who import FAR, GUARDED, made, send
from tests.face.test_guard import Inside
from tests.stage import environment

#: What lies behind the guard, and whether it is for who manages the house alone.
PLACES = [
    ("GET", "/", False),
    ("GET", "/batches/1", False),
    ("POST", "/_upload", False),
    ("POST", "/new/keywords", False),
    ("GET", "/rq/", True),
    ("POST", "/rq/api/jobs/x", True),
]
ROLES = {"지민": "owner", "관리": "admin", "구성": "member", "구경": "viewer"}


@pytest.fixture(scope="module")
def made_house(tmp_path_factory: pytest.TempPathFactory, valkey_url: str) -> Iterator[tuple[House, dict[str, Any]]]:
    """A house with one of everything and somebody in each role."""
    given = {"KEYBATCH_DATA_DIR": str(tmp_path_factory.mktemp("whos")), "KEYBATCH_REDIS_URL": f"{valkey_url}?db=5"}
    with environment(given | {"KEYBATCH_API_RATE": "none"}):
        house = open_house(Settings())
        upgrade(house.settings)
        house.redis.flushdb()
        for name, role in ROLES.items():
            browser_of(house, name, role)
        browser_of(house, "먼 사람", "owner", "elsewhere")
        with TestClient(Guard(build_api(house)), base_url=HOME) as client:
            yield house, made(Api(house, client, token_of(house)))
        house.close()


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.fixture
def client(made_house: tuple[House, dict[str, Any]], inside: Inside) -> Iterator[TestClient]:
    built = build_api(made_house[0])
    built.mount("", inside)
    with TestClient(Guard(built), base_url=HOME, follow_redirects=False, raise_server_exceptions=False) as found:
        yield found


def shown(given: dict[str, str], *, proof: bool = True, origin: str = "") -> dict[str, str]:
    """The headers of a browser with these cookies."""
    told = {"cookie": "; ".join(f"{name}={value}" for name, value in given.items())}
    if proof:
        told["x-csrf-token"] = given[cookies.CSRF]
    return told | ({"origin": origin} if origin else {})


@pytest.mark.parametrize("name", ["구성", "구경"])
def test_a_role_may_what_its_scopes_say_and_no_more(
    client: TestClient, made_house: tuple[House, dict[str, Any]], name: str
):
    house, ids = made_house
    headers = shown(browser_of(house, name))
    for one in GUARDED:
        if one.scope in MAY[ROLES[name]]:
            continue
        answer = send(client, one, ids, headers)
        assert answer.status_code == 403, (one.method, one.path, answer.text)
        assert one.path.startswith(FAR) or answer.json()["code"] == "forbidden"


def test_without_a_proof_or_from_another_site_nothing_is_changed(
    client: TestClient, made_house: tuple[House, dict[str, Any]]
):
    house, ids = made_house
    given = browser_of(house)
    for one in (one for one in GUARDED if one.method != "GET"):
        bare = send(client, one, ids, shown(given, proof=False))
        assert bare.status_code == 403, (one.method, one.path)
        assert one.path.startswith(FAR) or bare.json()["code"] == "forged"
        wrong = send(client, one, ids, shown(given) | {"x-csrf-token": "0" * 64})
        assert wrong.status_code == 403, (one.method, one.path)
        foreign = send(client, one, ids, shown(given, origin="https://evil.example"))
        assert (foreign.status_code, "another web site" in foreign.text) == (403, True), (one.method, one.path)


def test_a_session_that_is_over_opens_nothing(client: TestClient, made_house: tuple[House, dict[str, Any]]):
    house, ids = made_house
    ended = browser_of(house)
    sessions.end(house, ended[cookies.SESSION])
    with clock.starting(clock.now_ms() - sessions.LIVES_MS - 1_000):
        expired = browser_of(house)
    broken = {cookies.SESSION: "x" * 43, cookies.CSRF: sessions.proof("x" * 43)}
    for one in GUARDED:
        for given in (ended, expired, broken):
            assert send(client, one, ids, shown(given)).status_code == 401, (one.method, one.path)
    for method, path, _ in PLACES:
        for given in (ended, expired, broken):
            assert client.request(method, path, headers=shown(given)).status_code == 401, path


def test_a_person_of_another_workspace_finds_nothing(client: TestClient, made_house: tuple[House, dict[str, Any]]):
    house, ids = made_house
    headers = shown(browser_of(house, "먼 사람"))
    for one in GUARDED:
        if "{" in one.path:
            assert send(client, one, ids, headers).status_code == 404, (one.method, one.path)


@pytest.mark.parametrize(("method", "path", "managed"), PLACES)
def test_a_place_behind_the_guard_is_for_whom_it_is(
    client: TestClient, made_house: tuple[House, dict[str, Any]], inside: Inside, method: str, path: str, managed: bool
):
    house, _ = made_house
    token = {"authorization": f"Bearer {token_of(house)}"}
    for headers in ({}, token):  # a token is for the API
        assert client.request(method, path, headers=headers).status_code == 401
    for name, role in ROLES.items():
        answer = client.request(method, path, headers=shown(browser_of(house, name)))
        refused = managed and "admin" not in MAY[role]  # type: ignore[index] -- the words of ROLES
        assert (answer.status_code == 403) == refused, (role, answer.text)
    if method != "GET":
        foreign = client.request(method, path, headers=shown(browser_of(house), origin="https://evil.example"))
        assert foreign.status_code == 403
    elsewhere = client.request(method, path, headers=shown(browser_of(house)) | {"host": "evil.example"})
    assert elsewhere.status_code == 403
    if not managed:
        assert inside.seen


@pytest.mark.parametrize("given", ["nothing", "token", "foreign", "ended"])
def test_a_socket_is_opened_for_who_is_signed_in_here_alone(
    client: TestClient, made_house: tuple[House, dict[str, Any]], given: str
):
    house, _ = made_house
    who = browser_of(house)
    headers = {
        "nothing": {},
        "token": {"authorization": f"Bearer {token_of(house)}"},
        "foreign": shown(who, origin="https://evil.example"),
        "ended": shown(who),
    }[given]
    if given == "ended":
        sessions.end(house, who[cookies.SESSION])
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("ws://localhost:8000/_event", headers=headers):
        pass
