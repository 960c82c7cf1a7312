"""What a page shows while its connection breaks, goes silent, or its server is killed, and what after that."""

import os
import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journey.browsing import PATIENCE_MS, Up, enter, own, shown, state, submit, tab
from tests.journey.wire import Wire
from tests.simulators.naver import NaverSimulator, expected_total
from tests.stage import until

#: How long the wire is silent, in seconds; the page finds out within ten. KEYBATCH_SILENCE=60 is the long run.
SILENCE_S = float(os.environ.get("KEYBATCH_SILENCE", "14"))
PAGE_ROWS = 100


@pytest.fixture
def wired(house: tuple[Up, NaverSimulator], wire: Wire) -> tuple[Up, Wire]:
    """The house, and a whole wire to its pages."""
    wire.mend()
    return house[0], wire


def says(page: Page, sign: str, timeout: int = PATIENCE_MS) -> None:
    """The sign at the top is read as this."""
    expect(page.locator(".top .live")).to_have_text(sign, use_inner_text=True, timeout=timeout)


def values(page: Page) -> dict[str, str]:
    """Keyword → count, as the table says."""
    return {row[1]: row[2] for row in shown(page)}


def ends_equal(page: Page, keywords: list[str]) -> None:
    """The batch ends, and the table says what the upstream said, for its first page."""
    expect(state(page)).to_have_text(re.compile("completed"), timeout=90_000)
    told = {one: f"{expected_total('blog', one):,}" for one in keywords[:PAGE_ROWS]}
    until(lambda: values(page) == told, within=20)


def test_a_cut_wire_is_said_and_mended_without_a_hole(wired: tuple[Up, Wire], browser: Browser) -> None:
    _, wire = wired
    keywords = [f"끊긴 키워드 {n}" for n in range(200)]
    with tab(browser, f"{wire.url}/new") as page:
        submit(page, keywords, ["naver.blog"])
        expect(page.locator("table.results tbody td.c-ok").first).to_be_visible()
        wire.cut()
        says(page, "reconnecting")
        time.sleep(5)  # as long as the wire is to be cut
        wire.mend()
        says(page, "live", timeout=30_000)
        ends_equal(page, keywords)


def test_a_silent_wire_is_not_called_live(wired: tuple[Up, Wire], browser: Browser) -> None:
    _, wire = wired
    keywords = [f"조용한 키워드 {n}" for n in range(300)]
    with tab(browser, f"{wire.url}/new") as page:
        submit(page, keywords, ["naver.blog"])
        expect(page.locator("table.results tbody td.c-ok").first).to_be_visible()
        wire.silence()
        began = time.monotonic()
        says(page, "reconnecting", timeout=12_000)
        time.sleep(max(0.0, SILENCE_S - (time.monotonic() - began)))  # as long as the wire is to be silent
        wire.mend()
        says(page, "live", timeout=30_000)
        ends_equal(page, keywords)


def test_a_killed_server_leaves_no_hole(wired: tuple[Up, Wire], browser: Browser) -> None:
    up, wire = wired
    keywords = [f"멈춘 키워드 {n}" for n in range(200)]
    with tab(browser, f"{wire.url}/new") as page:
        submit(page, keywords, ["naver.blog"])
        expect(page.locator("table.results tbody td.c-ok").first).to_be_visible()
        up.kill_web()
        says(page, "reconnecting")
        until(up.ready, within=60)
        says(page, "live", timeout=30_000)
        ends_equal(page, keywords)


def test_two_tabs_and_two_people_see_the_same(wired: tuple[Up, Wire], browser: Browser) -> None:
    up, wire = wired
    keywords = [f"같이 보는 키워드 {n}" for n in range(200)]
    own(browser, up)
    up.run("user", "add", "동료", "--role", "member", given="a colleague's sentence\n")
    context = browser.new_context(locale="en-US")
    theirs = context.new_page()
    theirs.goto(f"{up.url}/sign-in?next=/batches")
    enter(theirs, "동료", "a colleague's sentence")
    with tab(browser, f"{wire.url}/new") as mine:
        batch = submit(mine, keywords, ["naver.blog"])
        with tab(browser, f"{wire.url}/batches/{batch}") as again:
            theirs.goto(f"{up.url}/batches/{batch}")
            theirs.get_by_role("button", name="Pause").click()
            for page in (mine, again, theirs):
                expect(state(page)).to_have_text("paused")
            again.get_by_role("button", name="Resume").click()
            for page in (mine, again, theirs):
                ends_equal(page, keywords)
    context.close()
