"""One house for all journeys that look at pages: starting it takes longer than most of them. The browser ends with its
module, because its event loop stays in the thread of the tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journey.browsing import CHROMIUM, Up
from tests.simulators.naver import NaverSimulator


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Up, NaverSimulator]]:
    with (
        NaverSimulator(process=True, rate=20, latency_ms=20) as sim,
        Up(tmp_path_factory.mktemp("up"), {**sim.env(), "KEYBATCH_NAVER_RATE": "20/s"}) as up,
    ):
        yield up, sim


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM))
        yield browser
        browser.close()
