"""Who is let through to what is no route of the API, and what that gets to know of him."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from app import clock
from app.api.guard import Guard
from app.api.main import build_api
from app.api.watched import Watched
from app.errors import DatabaseDown
from app.services import announced, cookies, people, sessions
from tests.face.api import HOME, PUBLIC, Api, TestClient, public
from tests.face.signed_in import browser_of

#: Its client would ask another host for a socket.
SOCKET = "ws://localhost:8000/_event"
HTML = {"accept": "text/html,application/xhtml+xml"}


class Inside:
    """Stands for what is mounted behind the API: it tells what reached it."""

    def __init__(self) -> None:
        self.seen: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen.append(scope)
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            while (message := await receive())["type"] != "websocket.disconnect":
                await send({"type": "websocket.send", "text": message.get("text")})
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b"inside"})

    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.seen[-1]["headers"]}


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.fixture
def browser(api: Api, inside: Inside) -> Iterator[TestClient]:
    """A browser that nobody has signed in, of a house that has an owner."""
    browser_of(api.house)
    built = build_api(api.house)
    built.mount("", inside)
    with TestClient(Guard(built, every_s=0.05), base_url=HOME, follow_redirects=False) as client:
        yield client


def sign_in(browser: TestClient, api: Api, *who: str) -> str:
    browser.cookies.update(browser_of(api.house, *who))
    return str(browser.cookies[cookies.SESSION])


@pytest.mark.parametrize(
    ("path", "next_"),
    [
        ("/", ""),
        ("/new", "?next=%2Fnew"),
        ("/batches/7?start=50&order=newest", "?next=%2Fbatches%2F7%3Fstart%3D50%26order%3Dnewest"),
        ("/배치", "?next=%2F%25EB%25B0%25B0%25EC%25B9%2598"),
        ("/rq/", "?next=%2Frq%2F"),
    ],
)
def test_a_page_leads_to_the_door_and_back(browser: TestClient, path: str, next_: str):
    for method in ("GET", "HEAD"):
        answer = browser.request(method, path, headers=HTML)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in{next_}")
        assert answer.headers["cache-control"] == "no-store"


def test_a_new_house_leads_to_where_its_owner_is_made(api: Api):
    client = TestClient(Guard(build_api(api.house)), base_url=HOME, follow_redirects=False)
    assert client.get("/new", headers=HTML).headers["location"] == "/welcome?next=%2Fnew"


@pytest.mark.parametrize(
    "path",
    [
        "/", "/new", "/new/", "//", "//api/v1/me", "/API/v1/me", "/Api/", "/apis", "/api.html", "/x/../api/v1/me",
        "/%2e%2e/api", "/%61pi%2f", "/rq", "/rq/", "/RQ/", "//rq/", "/healthz/", "/Healthz", "//healthz", "/sign-in/",
        "/sign-in/x", "/sign-in;a", "/keybatch.css/x", "/keybatch.js", "/assets/a.js", "/assets/x/a.woff2",
        "/assets/../a.woff2", "/assets/a.woff2/", "/_event", "/_event/", "/_upload", "/ping", "/_health", "/index.html",
        "/metrics", "/favicon.ico", "/assets/a.woff2%0a",
    ],
)  # fmt: skip
def test_whatever_is_not_open_is_closed(browser: TestClient, inside: Inside, path: str):
    before = len(inside.seen)
    for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE"):
        answer = browser.request(method, HOME + path)
        assert answer.status_code in (401, 404, 405), (method, path)
        assert answer.content != b"inside"
    assert len(inside.seen) == before, "nothing of it came through"


@pytest.mark.parametrize(
    "path", ["/keybatch.css", "/door.css", "/favicon.svg", "/assets/Pretendard.subset.1-C-_q.woff2"]
)
def test_what_the_door_is_drawn_with_is_open(browser: TestClient, inside: Inside, path: str):
    assert browser.get(path).content == b"inside"
    assert announced.HEADER not in inside.headers()


def test_what_is_asked_for_by_programs_is_answered_as_to_programs(browser: TestClient):
    refused = browser.get("/new")
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert browser.post("/new", headers=HTML).status_code == 401
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/api/v1/me", headers=HTML).status_code == 401, "the API answers for itself"


def test_whoever_is_signed_in_is_announced_and_his_secret_is_not(browser: TestClient, api: Api, inside: Inside):
    secret = sign_in(browser, api)
    browser.cookies.set("keybatch_language", "ko")
    answer = browser.get("/new", headers={**HTML, "authorization": f"Bearer {api.token}", "accept-language": "ko"})
    assert answer.content == b"inside"
    headers = inside.headers()
    who = announced.read(headers[announced.HEADER])
    assert who == people.as_caller(api.house, "지민")
    assert headers["accept-language"] == "ko"
    assert "keybatch_language=ko" in headers["cookie"]
    for hidden in (secret, api.token, sessions.proof(secret), "keybatch_session"):
        assert hidden not in json.dumps(headers)


def test_nobody_announces_himself(browser: TestClient, api: Api, inside: Inside):
    forged = announced.written(people.as_caller(api.house, "지민"))
    for name in (announced.HEADER, announced.HEADER.upper()):
        assert browser.get("/new", headers={name: forged}).status_code == 401
        assert browser.get("/keybatch.css", headers={name: forged}).status_code == 200
        assert announced.HEADER not in inside.headers()
    sign_in(browser, api, "구경꾼", "viewer")
    browser.get("/new", headers={announced.HEADER: forged})
    assert announced.read(inside.headers()[announced.HEADER]).scopes == {"read"}


def test_a_cookie_of_nobody_opens_nothing(browser: TestClient, api: Api):
    for secret in ("", "nonsense", "x" * 4000, api.token):
        browser.cookies.set(cookies.SESSION, secret)
        assert browser.get("/new").status_code == 401
    del browser.cookies[cookies.SESSION]
    sign_in(browser, api)
    with clock.frozen(clock.now_ms() + sessions.LIVES_MS + 60_000):
        assert browser.get("/new").status_code == 401


def test_the_queues_pages_are_for_who_manages(browser: TestClient, api: Api):
    sign_in(browser, api)
    assert browser.get("/rq/").status_code == 200
    browser.cookies.clear()
    sign_in(browser, api, "민수", "member")
    for path in ("/rq/", "/rq", "/rq/0/view/jobs", "/%72q/"):
        assert browser.get(path).status_code == 403, path
    assert browser.get("/new").status_code == 200


def test_a_page_lets_the_cookies_live_on_and_nothing_else_does(browser: TestClient, api: Api):
    secret = sign_in(browser, api)
    lines = browser.get("/new", headers=HTML).headers.get_list("set-cookie")
    assert [line.partition("=")[0] for line in lines] == [cookies.SESSION, cookies.CSRF]
    assert secret in lines[0]
    assert "set-cookie" not in browser.get("/assets/a.js").headers


def test_a_database_that_is_away_is_no_sign_out(browser: TestClient, api: Api, monkeypatch: pytest.MonkeyPatch):
    sign_in(browser, api)

    def away(*_: object, **__: object) -> None:
        raise DatabaseDown(where="there", why="gone.")

    monkeypatch.setattr(sessions, "caller", away)
    assert browser.get("/new", headers=HTML).status_code == 503


def test_a_socket_opens_for_whoever_is_signed_in(browser: TestClient, api: Api, inside: Inside):
    for socket in (SOCKET, "ws://localhost:8000/api/v1/me", "ws://localhost:8000/sign-in"):
        with pytest.raises(WebSocketDisconnect), browser.websocket_connect(socket):
            pass
    assert inside.seen == []
    sign_in(browser, api)
    with browser.websocket_connect(f"{SOCKET}/?EIO=4&token=a%20b") as socket:
        socket.send_text("hello")
        assert socket.receive_text() == "hello"
    assert inside.seen[-1]["query_string"].startswith((b"EIO=4&token=a%20b-", b"EIO=4&token=a+b-"))


def talk(socket: Any) -> None:
    """For ever."""
    while True:
        socket.send_text("?")
        assert socket.receive_text() == "?"


def test_a_socket_ends_with_its_session(browser: TestClient, api: Api):
    secret = sign_in(browser, api)
    with browser.websocket_connect(f"{SOCKET}/") as socket:
        sessions.end(api.house, secret)
        with pytest.raises(WebSocketDisconnect) as closed:
            talk(socket)
    assert closed.value.code == 1008


def test_a_socket_ends_when_its_person_may_something_else(browser: TestClient, api: Api):
    sign_in(browser, api, "민수", "member")
    with browser.websocket_connect(f"{SOCKET}/") as socket:
        people.remove(api.house, "민수")
        assert socket.receive()["type"] == "websocket.close", "also while nothing is said"


def test_a_socket_stays_while_the_database_is_away(browser: TestClient, api: Api, monkeypatch: pytest.MonkeyPatch):
    sign_in(browser, api)
    asked: list[int] = []

    def away(*_: object, **__: object) -> None:
        asked.append(1)
        raise DatabaseDown(where="there", why="gone.")

    with browser.websocket_connect(f"{SOCKET}/") as socket:
        monkeypatch.setattr(sessions, "caller", away)
        while len(asked) < 3:
            socket.send_text("?")
            assert socket.receive_text() == "?"


def test_a_tab_that_changes_hands_starts_with_nothing(browser: TestClient, api: Api, inside: Inside):
    def tab_of(*who: str) -> tuple[bytes, str]:
        browser.cookies.clear()
        sign_in(browser, api, *who)
        with browser.websocket_connect(f"{SOCKET}/?token=tab-1"):
            pass
        query = inside.seen[-1]["query_string"]
        browser.post("/_upload", headers={"reflex-client-token": "tab-1"})
        return query, inside.headers()["reflex-client-token"]

    first, other, again = tab_of(), tab_of("민수", "member"), tab_of()
    assert first == again
    assert other != first
    for query, header in (first, other):
        assert query == f"token={header}".encode()
    assert first[1].startswith("tab-1")


def test_no_message_is_lost_by_who_gives_up_waiting():
    async def body() -> None:
        messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

        async def still() -> bool:
            return True

        async def send(_message: Any) -> None:
            raise AssertionError

        socket = Watched(messages.get, send, still, 0.01)
        for n in range(5):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(socket.receive(), 0.03)
            messages.put_nowait({"type": "websocket.receive", "text": str(n)})
            assert (await socket.receive())["text"] == str(n)
        await socket.leave()

    asyncio.run(body())


def test_a_route_behind_the_guard_reads_who_is_there(api: Api):
    built = build_api(api.house)
    inner = FastAPI()

    @inner.get("/whoami")
    def whoami(request: Request) -> str:
        return announced.read(request.headers[announced.HEADER]).name

    built.mount("", inner)
    browser = TestClient(Guard(built), base_url=HOME, cookies=browser_of(api.house))
    assert browser.get("/whoami").json() == "지민"


def test_what_lies_inside_hears_who_asks_and_not_which_proxy_he_came_through(api: Api, inside: Inside):
    def client_of(proxies: str, *said: str) -> str:
        built = build_api(public(api.house, proxies=proxies))
        built.mount("", inside)
        client = TestClient(Guard(built), base_url=PUBLIC, client=("10.0.0.2", 4711))
        client.get("/favicon.svg", headers=[("x-forwarded-for", one) for one in said])
        return str(inside.seen[-1]["client"][0])

    assert client_of("", "203.0.113.9") == "10.0.0.2"
    assert client_of("10.0.0.0/8", "6.6.6.6", "203.0.113.9, 10.0.0.1") == "203.0.113.9"
    assert client_of("10.0.0.0/8") == "10.0.0.2"


@pytest.mark.parametrize(
    ("peer", "host", "through", "status"),
    [
        ("203.0.113.9", "kb.example.com", "", 200),
        ("203.0.113.9", "KB.example.com", "", 200),
        ("127.0.0.1", "localhost:8000", "", 200),
        ("::1", "[::1]:8000", "", 200),
        ("127.0.0.1", "kb.example.com", "203.0.113.9", 200),
        ("203.0.113.9", "localhost:8000", "", 403),
        ("203.0.113.9", "10.0.0.7:8000", "", 403),
        ("203.0.113.9", "kb.example.com:8000", "", 403),
        ("127.0.0.1", "localhost:8000", "203.0.113.9", 403),
    ],
)
def test_others_ask_for_the_public_address_and_this_machine_also_for_its_own(
    api: Api, peer: str, host: str, through: str, status: int
):
    guard = Guard(build_api(public(api.house, proxies="127.0.0.0/8")))
    client = TestClient(guard, base_url=HOME, client=(peer, 4711), cookies=browser_of(api.house))
    headers = {"host": host, **({"x-forwarded-for": through} if through else {})}
    assert client.get("/api/v1/me", headers=headers).status_code == status
    assert client.get("/healthz", headers=headers).status_code == 200, "a balancer asks by number"


@pytest.mark.parametrize("said", ["127.0.0.1", "127.0.0.1, 203.0.113.9", "127.0.0.1, 127.0.0.1", "::1"])
@pytest.mark.parametrize("base", [HOME, PUBLIC])
def test_the_first_owner_is_not_made_by_who_says_that_he_is_here(api: Api, base: str, said: str):
    given = {"name": "지민", "password": "a sentence of one's own"}
    guard = Guard(build_api(public(api.house, proxies="127.0.0.0/8")))
    stranger = TestClient(guard, base_url=base, headers={"x-forwarded-for": said})
    assert stranger.post("/api/v1/owner", json=given).status_code == 403
    assert people.nobody(api.house)
    assert TestClient(guard, base_url=HOME).post("/api/v1/owner", json=given).is_success
