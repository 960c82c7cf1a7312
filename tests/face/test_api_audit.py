"""The audit over HTTP: every route that changes something puts it down, with who came from where; and how it is read.
The routes are those that the OpenAPI names, so a new one cannot be forgotten."""

from typing import Any

import pytest

from app.api.guard import Guard
from app.api.main import build_api
from app.services import audit, batches, control, deliveries, people, sessions, tokens, webhooks
from app.services.callers import OPERATOR, SCOPES, Caller
from app.services.house import House
from tests.face.api import HOME, Api, TestClient, make_failures
from tests.face.signed_in import PASSWORD, browser_of
from tests.face.test_api_who import ALL, Operation, call

#: Not asked here, and why.
SILENT = {
    ("POST", "/api/v1/batches/preview"): "it stores nothing",
    ("POST", "/api/documents/batch"): "a submit as any other, of sources that want an account",
}
CHANGING = [one for one in ALL if one.method != "GET" and (one.method, one.path) not in SILENT]
BODIES: dict[str, Any] = {
    "/api/v1/batches": {"keywords": ["우산"], "sources": ["wordfreq.ko"]},
    "/api/documents/batch": {"keywords": ["우산"]},
    "/api/v1/webhooks": {"url": "https://example.com/hook"},
    "/api/v1/webhooks/{webhook_id}": {"description": "new"},
    "/api/v1/batches/{batch_id}/copy": {},
    "/api/v1/people": {"name": "새 사람", "password": PASSWORD},
    "/api/v1/people/{person_id}": {"role": "member"},
}


def ids(house: House, operation: Operation) -> dict[str, Any]:
    """What the path names, in a state in which the route has something to do."""
    who = Caller(1, frozenset(SCOPES))
    verb = operation.path.rpartition("/")[2]
    if verb in ("pause", "cancel"):
        batch = batches.submit(house, ["우산"], ["wordfreq.ko"]).batch
    elif verb == "resume":
        batch = control.pause(house, batches.submit(house, ["우산"], ["wordfreq.ko"]).batch).id
    else:
        batch = make_failures(house, 1)
    hook = webhooks.create(house, who, "https://example.com/hook")[0]["id"]
    return {
        "batch_id": batch,
        "webhook_id": hook,
        "delivery_id": deliveries.test(house, who, hook)["id"],
        "token_id": tokens.create(house, who, "other")[0],
        **somebody(house),
    }


def somebody(house: House) -> dict[str, Any]:
    """A person who is signed in."""
    browser_of(house)
    browser_of(house, "유나", "viewer")
    mark = sessions.listing(house, "유나", by=OPERATOR)[0].mark
    return {"person_id": people.as_caller(house, "유나").person, "mark": mark}


@pytest.mark.parametrize("operation", CHANGING, ids=[f"{one.method} {one.path}" for one in CHANGING])
def test_a_route_that_changes_something_puts_down_who_did_it_from_where(api: Api, operation: Operation):
    if operation.path == "/api/v1/owner":
        answer = _owner(api)
    elif operation.path in ("/api/v1/session", "/api/v1/me/password"):
        answer = _session(api, operation.method)
    else:
        named = ids(api.house, operation)
        before = newest(api.house)
        answer = call(api, operation, named, api.token, BODIES.get(operation.path))
        assert newest(api.house).id > before.id
    assert answer.is_success, answer.text
    assert newest(api.house).peer in ("testclient", "127.0.0.1")
    assert newest(api.house).who != "cli"


def _owner(api: Api) -> Any:
    with TestClient(Guard(build_api(api.house)), base_url=HOME, client=("127.0.0.1", 1)) as client:
        return client.post("/api/v1/owner", json={"name": "지민", "password": PASSWORD})


def _session(api: Api, method: str) -> Any:
    cookies = browser_of(api.house)
    if method == "POST":
        return api.client.post("/api/v1/session", json={"name": "지민", "password": PASSWORD})
    given = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    given |= {"x-csrf-token": cookies["keybatch_csrf"]}
    if method == "PUT":
        words = {"old": PASSWORD, "new": PASSWORD + "!"}
        return api.client.put("/api/v1/me/password", json=words, headers=given)
    return api.client.delete("/api/v1/session", headers=given)


def newest(house: House) -> Any:
    return audit.page(house, OPERATOR, limit=1).acts[0]


def test_it_is_read_by_who_may_manage_the_house_alone_and_in_pages(api: Api):
    people.add(api.house, "지민", PASSWORD)
    for n in range(3):
        tokens.create(api.house, people.as_caller(api.house, "지민"), f"t{n}")
    first = api.get("/api/v1/activity", params={"who": "지민", "limit": 2}).json()
    rest = api.get("/api/v1/activity", params={"who": "지민", "before": first["next"]}).json()
    assert [act["about"]["name"] for act in first["acts"] + rest["acts"]] == ["t2", "t1", "t0"]
    assert rest["next"] is None
    assert {"id", "at", "who", "what", "batch", "from", "about"} == {*first["acts"][0]}
    assert api.get("/api/v1/activity", params={"what": "make_token", "since": "2030-01-01T00:00:00Z"}).json() == {
        "acts": [], "next": None,
    }  # fmt: skip
    assert api.get("/api/v1/activity", params={"what": "nonsense"}).json()["code"] == "bad_value"
    assert api.as_of("main", "read", "submit").get("/api/v1/activity").status_code == 403
    far = api.as_of("elsewhere").get("/api/v1/activity").json()["acts"]
    assert [act["what"] for act in far] == ["make_token"]


def test_who_takes_a_batch_away_is_put_down_once_a_minute(api: Api):
    batch = make_failures(api.house, 1)
    for _ in range(2):
        assert api.get(f"/api/v1/batches/{batch}/export").is_success
    assert api.get(f"/api/v1/batches/{batch}/export", params={"layout": "long", "q": "k"}).is_success
    acts = api.get("/api/v1/activity", params={"what": "export", "batch": batch}).json()["acts"]
    assert [(act["about"]["layout"], act["about"]["rows"]) for act in acts] == [("long", 1), ("wide", 1)]
    csv = api.get("/api/v1/activity/export", params={"what": "export"})
    assert csv.headers["content-type"].startswith("text/csv")
    assert len(csv.text.strip().splitlines()) == 3
