"""Tokens over HTTP: made once, seen once, good for what they say and no longer."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from app import clock
from app.services import aside, batches, people, tokens
from app.services.callers import Scope
from tests.face.api import Api
from tests.face.signed_in import PASSWORD

_ROUTES: list[tuple[str, str, Scope]] = [
    ("GET", "/api/v1/me", "read"), ("GET", "/api/v1/batches", "read"), ("POST", "/api/v1/batches/preview", "read"),
    ("POST", "/api/v1/batches", "submit"), ("POST", "/api/v1/batches/1/cancel", "submit"),
    ("GET", "/api/v1/tokens", "admin"), ("POST", "/api/v1/tokens", "admin"), ("DELETE", "/api/v1/tokens/1", "admin"),
]  # fmt: skip
#: What nobody can have a scope for yet.
_OPEN = {("post", "/api/v1/session"), ("post", "/api/v1/owner")}


def test_a_token_is_made_told_once_used_and_revoked(api: Api):
    made = api.post("/api/v1/tokens", json={"name": "밤마다", "scopes": ["read"]})
    assert made.status_code == 201
    secret = made.json()["token"]
    mine = Api(api.house, api.client, secret)
    who = {"kind": "token", "id": made.json()["id"], "name": "밤마다", "workspace": "main"}
    assert mine.get("/api/v1/me").json() == {**who, "role": None, "scopes": ["read"]}
    aside.settled()
    listed = api.get("/api/v1/tokens")
    assert secret not in listed.text
    [first, *_] = listed.json()["tokens"]
    assert (first["name"], first["hint"], first["revoked_at"]) == ("밤마다", secret[:7], None)
    assert first["used_at"] is not None
    gone = api.request("DELETE", f"/api/v1/tokens/{first['id']}")
    assert gone.json()["revoked_at"] is not None
    assert api.request("DELETE", f"/api/v1/tokens/{first['id']}").json() == gone.json()
    refused = mine.get("/api/v1/me")
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert refused.headers["www-authenticate"].startswith("Bearer")


def test_an_expired_token_opens_nothing(api: Api):
    ends = datetime.now(UTC) + timedelta(hours=1)
    secret = api.post("/api/v1/tokens", json={"name": "t", "expires_at": ends.isoformat()}).json()["token"]
    mine = Api(api.house, api.client, secret)
    assert mine.get("/api/v1/me").status_code == 200
    with clock.frozen(round(ends.timestamp() * 1000)):
        assert mine.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(("method", "path", "scope"), _ROUTES)
def test_every_route_takes_its_scope_and_nothing_less(api: Api, method: str, path: str, scope: Scope):
    others = [one for one in ("read", "submit", "admin") if one != scope]
    without = api.as_of("main", *others).request(method, path)
    assert (without.status_code, without.json()["code"]) == (403, "forbidden")
    assert scope in without.json()["detail"]
    assert api.as_of("main", scope).request(method, path).status_code != 403
    assert api.client.request(method, path).status_code == 401


def test_every_route_says_in_the_openapi_who_may(api: Api):
    spec = api.client.get("/api/openapi.json").json()
    for path, methods in spec["paths"].items():
        for method, told in methods.items():
            if path.startswith("/api/v1/") and (method, path) not in _OPEN:
                assert {key for way in told["security"] for key in way} == {"token", "session"}, path


def test_what_is_of_another_workspace_is_not_there(api: Api):
    other = api.as_of("other")
    ours = batches.submit(api.house, ["맥북"], ["wordfreq.ko"]).batch
    token = api.get("/api/v1/tokens").json()["tokens"][-1]["id"]
    assert other.get("/api/v1/batches").json()["batches"] == []
    for method, path, number in (
        ("GET", "/api/v1/batches/{}", ours),
        ("POST", "/api/v1/batches/{}/cancel", ours),
        ("DELETE", "/api/v1/tokens/{}", token),
    ):
        answer, unknown = (other.request(method, path.format(one)) for one in (number, 999))
        assert answer.status_code == 404
        assert answer.text.replace(f" {number}.", " 999.") == unknown.text
    assert api.get("/api/v1/me").status_code == 200


def test_a_token_may_stand_in_the_url_of_a_client(api: Api):
    for auth in ((api.token, ""), ("anything", api.token)):
        assert api.client.get("/api/v1/me", auth=auth).status_code == 200
    assert api.client.get("/api/v1/me", auth=("someone", "else")).status_code == 401


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 422), ({"name": ""}, 422), ({"name": "a\nb"}, 400), ({"name": "t", "scopes": []}, 422),
        ({"name": "t", "scopes": ["write"]}, 422), ({"name": "t", "expires_at": "2020-01-01T00:00:00Z"}, 400),
        ({"name": "t", "expires_at": "2027-01-01T00:00:00"}, 422), ({"name": "t", "scope": ["admin"]}, 422),
    ],
)  # fmt: skip
def test_a_token_that_makes_no_sense_is_not_made(api: Api, sent: dict[str, object], status: int):
    before = len(tokens.listing(api.house, None))
    answer = api.post("/api/v1/tokens", json=sent)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(tokens.listing(api.house, None)) == before


def test_a_token_is_in_no_log(api: Api, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]):
    caplog.set_level(logging.DEBUG)
    secret = api.post("/api/v1/tokens", json={"name": "t", "scopes": ["read"]}).json()["token"]
    mine = Api(api.house, api.client, secret)
    for path in ("/api/v1/me", "/api/v1/tokens", "/api/v1/batches/9", "/api/nowhere", "/rq/"):
        mine.get(path)
    aside.settled()
    told = capfd.readouterr()
    assert secret not in caplog.text + told.out + told.err
    assert secret not in repr(tokens.caller(api.house, secret))


def test_more_requests_than_are_answered_are_told_when_to_come_again(api: Api):
    slow = api.house.settings.model_copy(update={"api_rate": "3/minute"})
    object.__setattr__(api.house, "settings", slow)
    eager, other = api.as_of("main"), api.as_of("main")
    assert [eager.get("/api/v1/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = eager.get("/api/v1/me")
    assert refused.json()["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert other.get("/api/v1/me").status_code == 200, "each token has its own"
    object.__setattr__(api.house, "settings", slow.model_copy(update={"api_rate": "none"}))
    assert eager.get("/api/v1/me").status_code == 200


def test_without_redis_nobody_is_refused(api: Api, tmp_path: object):
    away = api.house.settings.model_copy(update={"api_rate": "1/day", "redis_url": f"unix://{tmp_path}/none.sock"})
    object.__setattr__(api.house, "settings", away)
    assert [api.get("/api/v1/me").status_code for _ in range(5)] == [200] * 5


def test_a_persons_token_tells_whose_it_is(api: Api):
    people.make_owner(api.house, "지민", PASSWORD)
    tokens.create(api.house, people.as_caller(api.house, "지민"), "his", ["read"])
    assert [one["person"] for one in api.get("/api/v1/tokens").json()["tokens"]][:2] == ["지민", None]
