"""Two web processes on one Postgres and one Redis, both over TLS, behind one address; one of them is killed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import make_url

from app import vault
from app.services import batches, tokens
from app.services.callers import OPERATOR, SCOPES
from client.keybatch_client import Keybatch
from tests.conftest import new_database
from tests.journey.balancer import Balancer
from tests.journey.browsing import fill, free_port, shown, state, submitted, tab
from tests.journey.test_wire import says
from tests.simulators.naver import NaverSimulator, expected_total
from tests.stage import ROOT, Stage, until
from tests.tls import Front, authority

PASSWORD = "town-p%40ss"
#: Nothing that a person would have to do may be needed within so long, in milliseconds.
LIVE_MS = 10_000


@dataclass
class Town:
    """The house, its two webs by port, and where people go."""

    stage: Stage
    webs: dict[int, subprocess.Popen[bytes]]
    at: Balancer

    def kill(self, port: int) -> None:
        """Kill a web, and forget it."""
        web = self.webs.pop(port)
        web.send_signal(signal.SIGKILL)
        web.wait(timeout=10)


@pytest.fixture
def town(tmp_path: Path, postgres: str, valkey_url: str) -> Iterator[Town]:
    by = authority(tmp_path / "ca", "localhost")
    with (
        NaverSimulator(process=True, rate=40, latency_ms=20) as sim,
        new_database(postgres) as database,
        Front(by, Path(valkey_url.removeprefix("unix://"))) as redis,
        Front(by, Path(str(make_url(database).query["host"])) / ".s.PGSQL.5432", asked=True) as tables,
        Balancer(free_port(), free_port()) as at,
    ):
        where = f"localhost:{tables.port}/{make_url(database).database}"
        env = {
            **sim.env(),
            "KEYBATCH_NAVER_RATE": "40/s",
            "KEYBATCH_DATABASE_URL": f"postgresql://postgres:{PASSWORD}@{where}?sslmode=verify-full&sslrootcert={by.ca}",
            "KEYBATCH_REDIS_URL": f"rediss://localhost:{redis.port}/1?ssl_ca_certs={by.ca}",
            "KEYBATCH_ENCRYPTION_KEY": vault.new_key(),
            "KEYBATCH_PUBLIC_URL": at.url,
        }
        with _Given(tmp_path, workers=1, env=env) as stage:
            webs = {port: _web(port, tmp_path, stage.log) for port in at.ports}
            try:
                until(lambda: all(_ready(port) for port in webs), within=300, every=0.2)
                yield Town(stage, webs, at)
            finally:
                for web in webs.values():
                    web.send_signal(signal.SIGTERM)
                ended = [web.wait(timeout=30) for web in webs.values()]
        assert set(ended) == {0}
        assert redis.taken
        assert tables.taken
    assert PASSWORD not in stage.log.read_text()


class _Given(Stage):
    """Over a Redis that is there already."""

    def start_valkey(self) -> None:
        pass


def _web(port: int, folder: Path, log: Path) -> subprocess.Popen[bytes]:
    """A web process as on a machine of its own: it has a folder to itself."""
    own = {"KEYBATCH_PORT": str(port), "KEYBATCH_DATA_DIR": str(folder / f"web-{port}")}
    with log.open("ab") as out:
        command = [sys.executable, "-m", "app", "web"]
        return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own}, stdout=out, stderr=out)


def _ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).is_success
    except httpx.TransportError:
        return False


def test_tabs_files_and_streams_outlive_the_web_that_served_them(town: Town, browser: Browser, tmp_path: Path) -> None:
    house, url, (first, second) = town.stage.house, town.at.url, town.at.ports
    token = tokens.create(house, OPERATOR, "town", SCOPES)[1]
    finished = town.stage.wait(batches.submit(house, ["사과", "바나나"], ["wordfreq.ko"]).batch)
    files = [_export(port, token, finished.id) for port in town.at.ports]
    assert files[0].content == files[1].content
    assert files[0].headers["etag"] == files[1].headers["etag"]
    keywords = [f"두 웹 키워드 {n}" for n in range(600)]
    batch = batches.submit(house, keywords, ["naver.blog"]).batch
    followed: list[int] = []
    follower = threading.Thread(target=_follow, args=(url, token, batch, followed))
    follower.start()
    address = f"{url}/batches/{batch}?sort=naver.blog&order=desc&q=%EB%91%90"
    with tab(browser, f"{url}/new") as form, tab(browser, address) as page:
        _fill_in(form, tmp_path)
        expect(page.locator("table.results tbody td.c-ok").first).to_be_visible()
        assert set(town.at.live) == {first}
        town.kill(first)
        until(lambda: town.at.live[second] >= 2, within=LIVE_MS / 1000)
        for one in (form, page):
            says(one, "live", timeout=LIVE_MS)
        assert page.url == address
        expect(state(page)).to_have_text("completed", timeout=60_000)
        # In an order of values the table stays as it was when it was entered anew.
        told = [(row[1], row[2]) for row in shown(page) if row[2] != "not asked yet"]
        assert told
        assert told == [(word, f"{expected_total('blog', word):,}") for word, _ in told]
        assert told == sorted(told, key=lambda one: -int(one[1].replace(",", "")))[: len(told)]
        expect(form.locator("#new-batch input[name=name]")).to_have_value("두 웹")
        expect(form.get_by_role("button", name="상품명")).to_have_attribute("aria-pressed", "true")
        made = submitted(form)
    follower.join(timeout=60)
    assert followed == list(range(1, len(keywords) + 1))
    town.stage.wait(made)
    with Keybatch(url, token) as client:
        words = [reading["keyword"] for reading in client.readings(made)]
    assert sorted(words) == sorted(f"상품 {n}" for n in range(30))
    rest = _export(second, token, finished.id, **{"range": "bytes=100-", "if-range": files[0].headers["etag"]})
    assert (rest.status_code, rest.content) == (206, files[0].content[100:])


def _fill_in(form: Page, folder: Path) -> None:
    """Give a file whose column has to be picked, and a name."""
    path = folder / "상품.csv"
    path.write_bytes("\r\n".join(["번호,비고,상품명", *(f"{n},창고 {n},상품 {n}" for n in range(30))]).encode("cp949"))
    fill(form, [], ["wordfreq.ko"])
    form.locator("#new-batch input[name=name]").fill("두 웹")
    form.locator(".given input[type=file]").set_input_files(path)
    form.get_by_role("button", name="상품명").click()
    expect(form.get_by_role("button", name="상품명")).to_have_attribute("aria-pressed", "true")
    expect(form.locator(".findings .counts")).to_contain_text("30 accepted")


def _export(port: int, token: str, batch: int, **headers: str) -> httpx.Response:
    """A workbook, asked of one web."""
    where = f"http://127.0.0.1:{port}/api/v1/batches/{batch}/export?format=xlsx"
    return httpx.get(where, headers={"authorization": f"Bearer {token}", **headers}, timeout=60)


def _follow(url: str, token: str, batch: int, into: list[int]) -> None:
    with Keybatch(url, token) as client:
        into += [reading["seq"] for reading in client.readings(batch)]
