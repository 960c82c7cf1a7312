"""Every request has an id, a line and its place in the counts."""

import pytest
import structlog

from app.api.guard import Guard
from app.api.main import build_api
from app.api.requests import Requests
from app.services.metrics import counted
from tests.face.api import HOME, Api, TestClient

PROXY = {"x-request-id": "from-the-proxy-1"}


def client(api: Api, proxies: str = "", come_from: str = "127.0.0.1") -> TestClient:
    app = Requests(Guard(build_api(api.house)), proxies)
    return TestClient(app, base_url=HOME, raise_server_exceptions=False, client=(come_from, 5))


def test_an_answer_and_its_problem_name_the_request(api: Api):
    answer = client(api).get("/api/v1/batches/7")
    assert answer.status_code == 401
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    other = client(api).get("/healthz")
    assert len(other.headers["x-request-id"]) == 16
    assert other.headers["x-request-id"] != answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("given", "taken"),
    [("from-the-proxy-1", True), ("short", False), ("a" * 129, False), ("with blank", False), ('{"json": 1}', False)],
)
def test_an_id_is_taken_from_our_own_proxies_if_it_is_sane(api: Api, given: str, taken: bool):
    answer = client(api, proxies="127.0.0.0/8").get("/healthz", headers={"x-request-id": given})
    assert (answer.headers["x-request-id"] == given) is taken


def test_an_id_of_somebody_else_is_not_taken(api: Api):
    assert client(api).get("/healthz", headers=PROXY).headers["x-request-id"] != PROXY["x-request-id"]
    far = client(api, proxies="10.0.0.0/8", come_from="127.0.0.1")
    assert far.get("/healthz", headers=PROXY).headers["x-request-id"] != PROXY["x-request-id"]


def test_requests_are_counted_by_their_route_and_not_by_their_path(api: Api):
    counted.HERE.taken()
    browser, header = client(api), {"authorization": f"Bearer {api.token}"}
    for path in ("/api/v1/batches/7", "/api/v1/batches/8", "/api/v1/nothing/here", "/wp-login.php", "/rq/x/y"):
        browser.get(path, headers=header)
    browser.request("BREW", "/api/v1/me", headers=header)
    found = counted.HERE.read()["http_requests_total"]
    assert found["/api/v1/batches/{batch_id}", "GET", "404"] == 2
    assert {route for route, _, _ in found} <= {
        "/api/v1/batches/{batch_id}", "/api/{rest:path}", "pages", "/rq/…", "/api/…",
    }  # fmt: skip
    assert {method for _, method, _ in found} == {"GET", "OTHER"}


def test_a_line_says_what_was_asked_and_by_whom(api: Api):
    header = {"authorization": f"Bearer {api.token}"}
    with structlog.testing.capture_logs() as lines:
        client(api).get("/api/v1/me", headers=header)
        client(api).delete("/api/v1/tokens/99", headers=header)
    quiet, loud = [line for line in lines if line["event"] == "request"]
    assert (quiet["log_level"], quiet["route"], quiet["status"]) == ("debug", "/api/v1/me", 200)
    assert (loud["log_level"], loud["route"], loud["method"], loud["status"]) == (
        "info", "/api/v1/tokens/{token_id}", "DELETE", 404,
    )  # fmt: skip
    assert quiet["bytes"] > 0
