"""Who may do what: every route of the OpenAPI × no token, a broken, expired, revoked one, a wrong scope, another
workspace. The routes are those that the OpenAPI names, so a new one cannot be forgotten."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app import clock
from app.api.main import build_api
from app.db.migrate import upgrade
from app.services import batches, people, sessions, tokens
from app.services.callers import OPERATOR, SCOPES, Caller
from app.services.house import open_house
from app.settings import Settings
from tests.face.api import Api, api_over, make_failures, token_of
from tests.face.signed_in import browser_of
from tests.stage import environment

#: What needs nobody to be known: how the house is, how it is used, and the ways in.
OPEN = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("POST", "/api/v1/session"),
    ("POST", "/api/v1/owner"),
}
FAR = "/api/documents/"


class Operation(NamedTuple):
    method: str
    path: str
    scope: str
    told: dict[str, Any]


def described() -> dict[str, Any]:
    """The OpenAPI; nothing is asked of a house for it."""
    with tempfile.TemporaryDirectory() as folder:
        house = open_house(Settings(data_dir=Path(folder)))
        found = build_api(house).openapi()
        house.close()
    return found


SPEC = described()


def operations(spec: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in spec["paths"].items():
        for method, told in methods.items():
            scopes = {scope for one in told.get("security", ()) for found in one.values() for scope in found}
            assert len(scopes) <= 1, (method, path)
            yield Operation(method.upper(), path, next(iter(scopes), ""), told)


ALL = list(operations(SPEC))
GUARDED = [one for one in ALL if (one.method, one.path) not in OPEN]
IDS = [f"{one.method} {one.path}" for one in GUARDED]
every_route = pytest.mark.parametrize("operation", GUARDED, ids=IDS)


def sample(schema: dict[str, Any], spec: dict[str, Any]) -> Any:
    """The least that fits a schema."""
    if "$ref" in schema:
        return sample(spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]], spec)
    if schema.get("examples"):
        return schema["examples"][0]
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], spec)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object" or "properties" in schema:
        return {name: sample(schema["properties"][name], spec) for name in schema.get("required", ())}
    if schema.get("type") == "array":
        return [sample(schema["items"], spec)] * schema.get("minItems", 1)
    return {"string": "x" * max(1, schema.get("minLength", 1)), "integer": 1, "number": 1.0, "boolean": True}[
        schema["type"]
    ]


def made(api: Api) -> dict[str, Any]:
    """One of everything that a path may name, in the main workspace."""
    webhook = api.post("/api/v1/webhooks", json={"url": "https://example.com/hook"})
    assert webhook.status_code == 201, webhook.text
    delivery = api.post(f"/api/v1/webhooks/{webhook.json()['id']}/test")
    assert delivery.status_code == 202, delivery.text
    number, _ = tokens.create(api.house, Caller(1, frozenset(SCOPES)), "other")
    browser_of(api.house)
    browser_of(api.house, "유나", "viewer")
    person = people.as_caller(api.house, "유나")
    return {
        "batch_id": make_failures(api.house, 2),
        "webhook_id": webhook.json()["id"],
        "delivery_id": delivery.json()["id"],
        "token_id": number,
        "person_id": person.person,
        "mark": sessions.listing(api.house, "유나", by=OPERATOR)[0].mark,
    }


def call(api: Api, operation: Operation, ids: dict[str, Any], token: str | None, body: Any = None) -> Any:
    """What a route answers to who comes with ``token``."""
    headers = {} if token is None else {"authorization": f"Bearer {token}".encode("latin-1")}
    return send(api.client, operation, ids, headers, body)


def send(client: Any, operation: Operation, ids: dict[str, Any], headers: Any, body: Any = None) -> Any:
    """What a route answers to a request that fits it, with these headers."""
    spec = SPEC
    request: dict[str, Any] = {}
    content = operation.told.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        request["json"] = sample(content["application/json"]["schema"], spec) if body is None else body
    query = {
        one["name"]: sample(one["schema"], spec)
        for one in operation.told.get("parameters", ())
        if one["in"] == "query" and one.get("required")
    }
    names = [one["name"] for one in operation.told.get("parameters", ()) if one["in"] == "path"]
    path = operation.path.format(**{name: ids[name] for name in names})
    return client.request(operation.method, path, params=query, headers=headers, **request)


def test_every_route_states_its_scope():
    bare = {(one.method, one.path) for one in ALL if not one.scope}

    assert bare == OPEN
    assert {one.scope for one in GUARDED} == set(SCOPES)


@pytest.fixture(scope="module")
def house_of_two(tmp_path_factory: pytest.TempPathFactory, valkey_url: str) -> Iterator[tuple[Api, dict[str, Any]]]:
    """One house for all routes, and one of everything in it; nothing of it may change here."""
    given = {"KEYBATCH_DATA_DIR": str(tmp_path_factory.mktemp("who")), "KEYBATCH_REDIS_URL": f"{valkey_url}?db=4"}
    with environment(given | {"KEYBATCH_API_RATE": "none"}):
        house = open_house(Settings())
        upgrade(house.settings)
        house.redis.flushdb()
        with api_over(house) as api:
            yield api, made(api)
        house.close()


@pytest.fixture
def api(house_of_two: tuple[Api, dict[str, Any]]) -> Api:
    return house_of_two[0]


@pytest.fixture
def ids(house_of_two: tuple[Api, dict[str, Any]]) -> dict[str, Any]:
    return house_of_two[1]


@every_route
def test_nobody_unknown_gets_in(api: Api, ids: dict[str, Any], operation: Operation):
    revoked = token_of(api.house)
    found = next(one for one in api.get("/api/v1/tokens").json()["tokens"] if revoked.startswith(one["hint"]))
    assert api.request("DELETE", f"/api/v1/tokens/{found['id']}").is_success
    hour_ago = clock.now_ms() - 3_600_000
    with clock.starting(hour_ago):
        expired = token_of(api.house, "main", expires_at=hour_ago + 60_000)
    before = snapshot(api)

    for token in (None, "", "kb_", "kb_" + "x" * 43, "\u00ff", expired, revoked):
        answer = call(api, operation, ids, token)
        assert answer.status_code == 401, (token, answer.text)
        assert answer.headers["www-authenticate"].startswith("Bearer")
        if not operation.path.startswith(FAR):
            assert answer.json()["code"] == "not_signed_in"
    assert snapshot(api) == before


@every_route
def test_a_scope_does_not_stand_for_another(api: Api, ids: dict[str, Any], operation: Operation):
    others = [scope for scope in SCOPES if scope != operation.scope]
    before = snapshot(api)

    answer = call(api, operation, ids, token_of(api.house, "main", *others))

    assert answer.status_code == 403, answer.text
    if not operation.path.startswith(FAR):
        assert answer.json()["code"] == "forbidden"
    assert snapshot(api) == before


@every_route
def test_another_workspace_finds_nothing_of_ours(api: Api, ids: dict[str, Any], operation: Operation):
    before = snapshot(api)

    answer = call(api, operation, ids, token_of(api.house, "elsewhere"))

    if "{" in operation.path:
        assert answer.status_code == 404, answer.text
        unknown = call(
            api,
            operation,
            dict.fromkeys(ids, 999_999) | {"delivery_id": unknown_delivery(ids), "mark": "0" * 16},
            token_of(api.house),
        )
        assert unknown.json()["code"] == answer.json()["code"]
    else:
        assert answer.status_code < 500, answer.text
        assert not ours(answer, ids)
    assert snapshot(api) == before


def unknown_delivery(ids: dict[str, Any]) -> str:
    """The id of a delivery that was never made."""
    last = ids["delivery_id"][-1]
    return f"{ids['delivery_id'][:-1]}{'a' if last != 'a' else 'b'}"


def ours(answer: Any, ids: dict[str, Any]) -> list[Any]:
    """What of ours an answer lists."""
    if not answer.headers.get("content-type", "").startswith("application/json") or not answer.is_success:
        return []
    said = answer.json()
    kinds = {"batches": "batch_id", "webhooks": "webhook_id", "tokens": "token_id", "people": "person_id"}
    return [one for name, kind in kinds.items() for one in said.get(name, ()) if one["id"] == ids[kind]]


def snapshot(api: Api) -> Any:
    """Everything of ours that a call might change."""
    who = Caller(1, frozenset(SCOPES))
    kept = {path: api.get(f"/api/v1/{path}").json() for path in ("tokens", "webhooks", "people")}
    for token in kept["tokens"]["tokens"]:
        token.pop("used_at")
    kept["tokens"]["tokens"] = [one for one in kept["tokens"]["tokens"] if one["name"] != "test"]
    return kept, [
        (one.id, one.state, one.seq, one.counts) for one in batches.listing(api.house, workspace=who.workspace)
    ]
