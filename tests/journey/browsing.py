"""The whole house under its supervisor, and tabs of a browser that look at it."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.stage import ROOT, descendants, until

CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)
#: The cookies of the browser in which the owner is, by house.
SIGNED_IN: dict[str, list[Any]] = {}


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Up:
    """``python -m app up`` on a port and folder of its own."""

    def __init__(self, folder: Path, env: dict[str, str], port: int = 0) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        plain = {name: value for name, value in os.environ.items() if not name.startswith("KEYBATCH_")}
        own = {"KEYBATCH_DATA_DIR": str(folder), "KEYBATCH_PORT": str(self.port), "KEYBATCH_WORKERS": "2"}
        self.env = {**plain, **own, **env, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        self.log = folder / "up.log"

    def __enter__(self) -> "Up":
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "app", "up"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)
        until(self.ready, within=300, every=0.2)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=30) == 0
        assert descendants(self.process.pid) == []

    def ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def run(self, *arguments: str, given: str = "") -> str:
        """Standard output of a command that succeeds."""
        command = [sys.executable, "-m", "app", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.env, input=given.encode(), capture_output=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8-sig")

    def kill_web(self) -> None:
        """Kill the web process alone; the supervisor brings it back."""
        for pid in descendants(self.process.pid):
            if b"app\0web" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)


def enter(page: Page, name: str = "지민", password: str = "a sentence of one's own") -> None:
    """Sign in at the door; where the house is new, that makes the owner."""
    page.locator("#name").fill(name)
    for box in page.locator("input[type=password]").all():
        box.fill(password)
    page.locator("button[type=submit]").click()
    page.wait_for_url(lambda url: "/welcome" not in url and "/sign-in" not in url)


@contextmanager
def tab(browser: Browser, url: str, locale: str = "en-US") -> Iterator[Page]:
    """A signed-in tab that complains about errors on the page and about requests to anyone else."""
    house = url.split("/")[2]
    context = browser.new_context(locale=locale)
    context.add_cookies(SIGNED_IN.get(house, []))
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    hosts: set[str] = set()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(url)
    if "/welcome" in page.url or "/sign-in" in page.url:
        enter(page)
        SIGNED_IN[house] = [one for one in context.cookies() if one["name"] in ("keybatch_session", "keybatch_csrf")]
    yield page
    context.close()
    assert errors == []
    assert hosts <= {house}


def own(browser: Browser, up: Up) -> None:
    """Make the owner where there is nobody yet; only then others can be added."""
    with tab(browser, up.url):
        pass


def fill(page: Page, keywords: list[str], sources: list[str]) -> None:
    """Type the keywords into the form, and pick these sources and no others."""
    page.locator("#keywords").fill("\n".join(keywords))
    boxes = page.locator("#new-batch input[name^='source:']")
    expect(boxes).not_to_have_count(0)  # what there is to pick comes from the server
    for box in boxes.and_(page.locator(":checked")).all():
        box.evaluate("(one) => one.click()")
    for source in sources:
        page.locator(f"input[name='source:{source}']").evaluate("(one) => one.click()")


def submit(page: Page, keywords: list[str], sources: list[str]) -> int:
    """Fill the form and submit; the batch's id from the address it leads to."""
    fill(page, keywords, sources)
    return submitted(page)


def submitted(page: Page) -> int:
    """Press the button of the filled form; the batch's id from the address it leads to."""
    page.locator("button[data-intent=submit]").click()
    page.wait_for_url(re.compile(r"/batches/\d+"))
    found = re.search(r"/batches/(\d+)", page.url)
    assert found
    return int(found[1])


def state(page: Page) -> Locator:
    """The batch's own state, beside its name."""
    return page.locator(".head .about > .chip .chip-word").first


def shown(page: Page) -> list[list[str]]:
    """The rows on screen: number, keyword, cells."""
    rows = "[...document.querySelectorAll('table.results tbody tr')]"
    cells = "[...row.querySelectorAll('td:not(.c-pick), th')].map((one) => one.innerText)"
    found: list[list[str]] = page.evaluate(f"{rows}.map((row) => {cells})")
    return found
