"""Every page, as those see it who cannot use a mouse, who have another language or theme, or a small screen."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journey.browsing import SIGNED_IN, Up, enter, own
from tests.simulators.naver import NaverSimulator

#: Everything that has an address; {batch} is one with readings, failures and tags.
PAGES = (
    "/",
    "/batches",
    "/batches?state=failed",
    "/batches?q=nothing-is-called-so",
    "/batches/{batch}",
    "/batches/{batch}?row=0",
    "/batches/{batch}?q=nothing-is-called-so",
    "/batches/{batch}?tab=failures",
    "/batches/{batch}?tab=charts",
    "/batches/{batch}?tab=activity",
    "/batches/{batch}?tab=api",
    "/batches/999999",
    "/new",
    "/sources",
    "/ops",
    "/settings?section=me",
    "/settings?section=people",
    "/settings?section=tokens",
    "/settings?section=webhooks",
    "/settings?section=audit",
    "/settings?section=house",
    "/no-such-page",
)
#: The rules of WCAG 2.0, 2.1 and 2.2, A and AA.
RULES = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def batch(house: tuple[Up, NaverSimulator], browser: Browser) -> int:
    """One with values, ranges and failures in it."""
    up, sim = house
    own(browser, up)
    text = "\n".join([*(f"살펴볼 키워드 {n}" for n in range(40)), "<script>alert(1)</script>"])
    up.run("user", "add", "보는이", "--role", "viewer", given="a sentence to look with\n")
    asked = ("--source", "naver.blog", "--source", "wordfreq.ko", "--name", "<b>살펴볼</b> 배치")
    sim.configure(faults=["garbage=0.3"])
    try:
        made = int(up.run("submit", "-", *asked, given=text))
        up.run("watch", str(made))
    finally:
        sim.configure(faults=[])
    return made


@contextmanager
def seen(browser: Browser, up: Up, width: int, theme: str, locale: str) -> Iterator[Page]:
    """A signed-in tab of this size, theme and language."""
    own(browser, up)
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, locale=locale)
    context.add_cookies(SIGNED_IN[up.url.split("/")[2]])
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    yield page
    context.close()
    assert errors == []


def settle(page: Page) -> None:
    """Until the page has its data: no grey line is left, and the sign says that it is live."""
    expect(page.locator(".l-live")).to_have_count(1)
    expect(page.locator(".sk-block")).to_have_count(0)
    page.wait_for_function("document.getAnimations().every((one) => one.playState !== 'running')")


@pytest.mark.parametrize(
    ("locale", "looks"), [("ko-KR", [(1024, "light"), (1600, "dark")]), ("en-US", [(390, "dark"), (390, "light")])]
)
def test_nothing_keeps_anybody_out_and_nothing_sticks_out(
    house: tuple[Up, NaverSimulator], browser: Browser, batch: int, locale: str, looks: list[tuple[int, str]]
) -> None:
    up, _ = house
    wrong = []
    with seen(browser, up, *looks[0], locale) as page:
        for address in PAGES:
            page.goto(up.url + address.format(batch=batch))
            for width, theme in looks:
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=theme)
                expect(page.locator(f"html.{theme}")).to_have_count(1)
                settle(page)
                found = Axe().run(page, options=RULES)
                if found.violations_count:
                    wrong.append(f"{address} {width} {theme}: {found.generate_report()}")
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    wrong.append(f"{address}: {wide} px on a screen of {width}")
    assert not wrong, "\n".join(wrong)


def test_palette_help_and_menu_keep_nobody_out(house: tuple[Up, NaverSimulator], browser: Browser, batch: int) -> None:
    up, _ = house
    with seen(browser, up, 1024, "light", "en-US") as page:
        page.goto(f"{up.url}/batches/{batch}")
        settle(page)
        for key, dialog in (("Control+k", "#palette"), ("?", "#keys")):
            page.keyboard.press(key)
            expect(page.locator(dialog)).to_be_visible()
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, found.generate_report()
            page.keyboard.press("Escape")
            expect(page.locator(dialog)).to_be_hidden()


def test_everything_is_reached_by_keys_alone(house: tuple[Up, NaverSimulator], browser: Browser, batch: int) -> None:
    up, _ = house
    with seen(browser, up, 1024, "light", "en-US") as page:
        page.goto(f"{up.url}/new")
        settle(page)
        page.locator("body").click(position={"x": 2, "y": 2})
        page.locator("h1").click()
        for key, address in (("o", "/"), ("b", "/batches"), ("s", "/sources"), ("w", "/ops"), ("e", "/settings")):
            page.keyboard.press("g")
            page.keyboard.press(key)
            page.wait_for_url(lambda url, address=address: url.removeprefix(up.url).partition("?")[0] == address)
        expect(page.locator("h1")).to_have_text("Settings")
        page.keyboard.press("Control+k")
        page.keyboard.type("살펴볼")
        expect(page.locator("#palette-batches .palette-entry")).to_have_count(1)
        expect(page.locator("#palette-batches .palette-entry")).to_contain_text("<b>살펴볼</b> 배치")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{up.url}/batches/{batch}")
        expect(page.locator("h1")).to_contain_text("<b>살펴볼</b> 배치")
        assert page.evaluate("document.querySelectorAll('main script, h1 b').length") == 0, "a name is text"


def test_whoever_only_looks_is_offered_nothing_else(
    house: tuple[Up, NaverSimulator], browser: Browser, batch: int
) -> None:
    up, _ = house
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    page.goto(f"{up.url}/sign-in?next=/batches/{batch}")
    enter(page, "보는이", "a sentence to look with")
    settle(page)
    expect(page.locator("table.results tbody tr").first).to_be_visible()
    for verb in ("Pause", "Cancel", "Rerun", "Retry"):
        expect(page.get_by_role("button", name=re.compile(verb))).to_have_count(0)
    page.goto(f"{up.url}/settings?section=people")
    expect(page.get_by_text("This is for owners and admins")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Add|Remove"))).to_have_count(0)
    page.goto(f"{up.url}/new")
    expect(page.get_by_text("You may look, but not submit")).to_be_visible()
    expect(page.locator("button[data-intent=submit]")).to_have_count(0)
    context.close()
