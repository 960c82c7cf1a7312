"""One house for all journeys that look at pages: starting it takes longer than most of them. The browser ends with its
module, because its event loop stays in the thread of the tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journey.browsing import CHROMIUM, Up, free_port
from tests.journey.wire import Wire
from tests.simulators.naver import NaverSimulator


@pytest.fixture(scope="session")
def wire() -> Iterator[Wire]:
    """The other way to the pages of the house, which can break."""
    with Wire(free_port()) as wire:
        yield wire


@pytest.fixture(scope="session")
def house(wire: Wire, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Up, NaverSimulator]]:
    with NaverSimulator(process=True, rate=20, latency_ms=20) as sim:
        env = {**sim.env(), "KEYBATCH_NAVER_RATE": "20/s", "KEYBATCH_PUBLIC_URL": wire.url}
        with Up(tmp_path_factory.mktemp("up"), env, port=wire.to) as up:
            yield up, sim


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM))
        yield browser
        browser.close()
