"""Signing in over HTTP: cookies, the proof of our pages, and the first owner of a house."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app import clock
from app.api.guard import Guard
from app.api.main import build_api
from app.errors import TooFast
from app.services import passwords, people, sessions
from tests.face.api import HOME, PUBLIC, Api, TestClient, public
from tests.face.signed_in import PASSWORD, browser_of

HERE = ("127.0.0.1", 50_000)
LONG = {"name": "지민", "password": PASSWORD}


@pytest.fixture
def browser(api: Api) -> Iterator[TestClient]:
    """A browser on the machine itself, that nobody has signed in."""
    with TestClient(Guard(build_api(api.house)), base_url=HOME, client=HERE) as client:
        yield client


def proof(browser: TestClient) -> dict[str, str]:
    return {"x-csrf-token": browser.cookies["keybatch_csrf"]}


def test_the_owner_is_made_signed_in_and_out(browser: TestClient):
    made = browser.post("/api/v1/owner", json=LONG)
    assert made.status_code == 201
    assert made.json() | {"id": 0} == {
        "kind": "person", "id": 0, "name": "지민", "workspace": "main", "role": "owner",
        "scopes": ["read", "submit", "admin"],
    }  # fmt: skip
    assert browser.get("/api/v1/me").json() == made.json()
    assert browser.request("DELETE", "/api/v1/session", headers=proof(browser)).status_code == 204
    assert browser.cookies == {}
    assert browser.get("/api/v1/me").status_code == 401
    assert browser.post("/api/v1/session", json=LONG).json() == made.json()
    assert browser.get("/api/v1/me").status_code == 200


def test_the_cookies_keep_the_secret_from_scripts_and_other_sites(browser: TestClient):
    lines = browser.post("/api/v1/owner", json=LONG).headers.get_list("set-cookie")
    secret, shown = sorted(lines, key=lambda line: "csrf" in line)
    for line in lines:
        assert {"Path=/", "SameSite=Lax", "Max-Age=2592000"} <= set(line.split("; "))
        assert "Secure" not in line
    assert "HttpOnly" in secret
    assert "HttpOnly" not in shown
    assert browser.cookies["keybatch_session"] not in shown


def test_over_https_the_cookies_are_for_https_alone(api: Api):
    public = api.house.settings.model_copy(update={"public_url": "https://keybatch.example"})
    object.__setattr__(api.house, "settings", public)
    browser_of(api.house)
    client = TestClient(Guard(build_api(api.house)), base_url="https://keybatch.example")
    answer = client.post("/api/v1/session", json=LONG, headers={"origin": "https://keybatch.example"})
    assert [line.endswith("Secure") for line in answer.headers.get_list("set-cookie")] == [True, True]
    assert client.get("/api/v1/me", headers={"host": "other.example"}).status_code == 403


def test_there_is_one_first_owner(browser: TestClient, api: Api):
    def make(name: str) -> int:
        return int(browser.post("/api/v1/owner", json={**LONG, "name": name}).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(make, ["가", "나"])) == [201, 409]
    assert len(people.listing(api.house)) == 1
    assert browser.post("/api/v1/owner", json=LONG).json()["code"] == "already_owned"


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("192.168.0.7", {}),
        ("testclient", {}),
        ("127.0.0.1", {"x-forwarded-for": "10.0.0.1"}),
        ("127.0.0.1", {"forwarded": "for=10.0.0.1"}),
        ("::1", {"via": "1.1 proxy"}),
    ],
)
def test_the_owner_is_made_at_the_machine_itself(api: Api, peer: str, headers: dict[str, str]):
    client = TestClient(Guard(build_api(public(api.house))), base_url=PUBLIC, client=(peer, 1))
    refused = client.post("/api/v1/owner", json=LONG, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_here")
    assert people.nobody(api.house)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"name": "지민", "password": "short"}, 422), ({"name": "", "password": PASSWORD}, 422), ({}, 422),
        ({"name": "a\u0000b", "password": PASSWORD}, 400), ({"name": "\ud83d", "password": PASSWORD}, 422),
    ],
)  # fmt: skip
def test_an_owner_that_makes_no_sense_is_not_made(browser: TestClient, api: Api, sent: dict[str, str], status: int):
    answer = browser.post("/api/v1/owner", content=json.dumps(sent), headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert people.nobody(api.house)


def test_a_wrong_password_signs_nobody_in(browser: TestClient, api: Api):
    browser_of(api.house)
    for sent in ({**LONG, "password": "something else"}, {**LONG, "name": "nobody"}):
        refused = browser.post("/api/v1/session", json=sent)
        assert (refused.status_code, refused.json()["code"]) == (401, "wrong_password")
        assert "set-cookie" not in refused.headers


def test_ten_attempts_a_minute_for_a_name(browser: TestClient, api: Api, monkeypatch: pytest.MonkeyPatch):
    browser_of(api.house)
    monkeypatch.setattr(passwords, "matches", lambda *_: False)
    codes = [browser.post("/api/v1/session", json=LONG).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]
    refused = browser.post("/api/v1/session", json={**LONG, "name": " 지민 "})
    assert refused.status_code == 429, "however the name is written"
    assert int(refused.headers["retry-after"]) >= 1
    assert browser.post("/api/v1/session", json={**LONG, "name": "민수"}).status_code == 401


def test_thirty_attempts_a_minute_for_an_address(api: Api, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(people, "known", lambda *_: 1 / 0)  # it got as far as the password
    for n in range(31):
        with pytest.raises(ZeroDivisionError if n < 30 else TooFast):
            sessions.sign_in(api.house, f"name {n}", "x", "10.0.0.1")
    with pytest.raises(ZeroDivisionError):
        sessions.sign_in(api.house, "name", "x", "10.0.0.2")


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("shown", ["", "wrong", "0" * 64, "é"])
def test_a_change_without_the_proof_is_forged(browser: TestClient, api: Api, method: str, shown: str):
    browser.cookies.update(browser_of(api.house))
    path = "/api/v1/tokens" if method == "POST" else "/api/v1/session"
    headers = {"x-csrf-token": shown.encode()} if shown else {}
    refused = browser.request(method, path, json={"name": "t"}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "forged")
    assert browser.get("/api/v1/me").status_code == 200, "a look takes no proof"


def test_a_change_with_the_proof_is_ours(browser: TestClient, api: Api):
    browser.cookies.update(browser_of(api.house))
    assert browser.post("/api/v1/tokens", json={"name": "t"}, headers=proof(browser)).status_code == 201
    other = browser_of(api.house)
    refused = browser.post("/api/v1/tokens", json={"name": "t"}, headers={"x-csrf-token": other["keybatch_csrf"]})
    assert refused.status_code == 403, "the proof of another session is none"


def test_a_token_takes_no_proof_and_is_taken_before_the_cookie(browser: TestClient, api: Api):
    browser.cookies.update(browser_of(api.house))
    bearer = {"authorization": f"Bearer {api.token}"}
    assert browser.post("/api/v1/tokens", json={"name": "t"}, headers=bearer).status_code == 201
    assert browser.get("/api/v1/me", headers=bearer).json()["kind"] == "token"
    assert browser.get("/api/v1/me", headers={"authorization": "Bearer nonsense"}).status_code == 401
    assert browser.get("/api/v1/me", headers={"authorization": "Basic b3RoZXI6cHJveHk="}).json()["kind"] == "person"
    refused = browser.request("DELETE", "/api/v1/session", headers=bearer)
    assert refused.status_code == 401, "a token is no session"


def test_what_a_role_may_not_is_forbidden_and_what_is_over_is_over(browser: TestClient, api: Api):
    browser_of(api.house)
    browser.cookies.update(browser_of(api.house, "구경꾼", "viewer"))
    refused = browser.post(
        "/api/v1/batches", json={"keywords": ["a"], "sources": ["wordfreq.ko"]}, headers=proof(browser)
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    with clock.frozen(clock.now_ms() + sessions.LIVES_MS + 60_000):
        assert browser.get("/api/v1/me").status_code == 401


def test_secrets_stay_out_of_the_database_file(browser: TestClient, api: Api, tmp_path: Path):
    browser.post("/api/v1/owner", json=LONG)
    secret = browser.cookies["keybatch_session"]
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("keybatch.db*"))
    assert "지민".encode() in kept
    assert secret.encode() not in kept
    assert PASSWORD.encode() not in kept
