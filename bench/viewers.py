"""Tabs that look at one running batch: how long after it is stored a reading is on screen."""

import asyncio
import multiprocessing
import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import quantiles

import aiohttp
from playwright.async_api import Browser, BrowserContext, WebSocket, async_playwright

from app.services import batches, people
from bench.followers import SOURCE, Stamp, late, write
from bench.report import Figure
from bench.serving import Served, served
from tests.journey.browsing import CHROMIUM

READINGS = 6_000
VIEWERS = (1, 20, 100)
_NAME, _PASSWORD = "viewer", "a sentence for the bench"
#: How many lookups are read, as it stands at the top of a batch's page.
_DONE = re.compile(r'"done":"([0-9,]+)","total":"' + f"{READINGS:,}" + '"')
#: Calls ``seen`` with that figure each time when a frame with another one has been painted.
_WATCH = """() => {
  let last = "";
  const look = () => {
    const found = document.querySelector(".progress .big");
    const text = found ? found.textContent : "";
    if (text === last) return;
    last = text;
    requestAnimationFrame(() => requestAnimationFrame(() => seen(text, Date.now())));
  };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true, characterData: true});
  look();
}"""


@dataclass
class _Seen:
    """What one viewer saw when: (readings, CLOCK_MONOTONIC); ``state``: bytes that came before the first of them."""

    arrivals: list[Stamp] = field(default_factory=lambda: [(0, 0.0)])
    state: int = 0

    def see(self, text: str, at: float) -> None:
        count = int(text.replace(",", "") or 0)
        if count > self.arrivals[-1][0]:
            self.arrivals.append((count, at))


def figures() -> Iterator[Figure]:
    """Stored → on the screen of a browser, and in the tabs beside it, which are played by sockets that send what a
    browser sends."""
    with served() as house:
        people.add(house.house, _NAME, _PASSWORD)
        for count in VIEWERS:
            screen, tabs, stored = asyncio.run(_run(house, count))
            yield _figure(f"stored → on screen, {count} looking", stored, [screen])
            if tabs:
                yield _figure(f"stored → in each of the {count - 1} tabs beside it", stored, tabs)


def _figure(what: str, stored: list[Stamp], seen: list[_Seen]) -> Figure:
    delays = [1000 * one for viewer in seen for one in late(stored, viewer.arrivals)]
    cuts = quantiles(delays, n=100)
    rate = READINGS / (stored[-1][1] - stored[0][1])
    note = f"{rate:,.0f} readings/s, p50 {cuts[49]:,.0f} ms, most {max(delays):,.0f} ms, {seen[0].state / 1000:,.0f} kB"
    return Figure(f"{what}, p99", cuts[98], 500, "<=", "ms", note + " at first")


async def _run(house: Served, count: int) -> tuple[_Seen, list[_Seen], list[Stamp]]:
    keywords = [f"보는 키워드 {n}" for n in range(READINGS)]
    batch = batches.submit(house.house, keywords, [SOURCE]).batch
    pipe, theirs = multiprocessing.Pipe()
    writer = multiprocessing.get_context("spawn").Process(target=write, args=(house.house.settings, batch, theirs))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM))
        context = await _signed_in(browser, house)
        screen, hello = await _look(context, f"{house.url}/batches/{batch}")
        cookies = {one["name"]: one["value"] for one in await context.cookies()}
        async with aiohttp.ClientSession(cookies=cookies, headers={"origin": house.url}) as session:
            tabs = [_Seen() for _ in range(count - 1)]
            watching = [asyncio.create_task(_tab(session, house.url, hello, tab)) for tab in tabs]
            async with asyncio.timeout(60):
                while not all(tab.state for tab in tabs):  # noqa: ASYNC110 -- for all of them
                    await asyncio.sleep(0.1)
            writer.start()
            stored = await asyncio.to_thread(pipe.recv)
            async with asyncio.timeout(60):
                while any(one.arrivals[-1][0] < READINGS for one in (screen, *tabs)):  # noqa: ASYNC110 -- as above
                    await asyncio.sleep(0.1)
            for task in watching:
                task.cancel()
        await browser.close()
    await asyncio.to_thread(writer.join)
    return screen, tabs, stored


async def _signed_in(browser: Browser, house: Served) -> BrowserContext:
    context = await browser.new_context(locale="en-US")
    page = await context.new_page()
    await page.goto(f"{house.url}/sign-in")
    await page.fill("#name", _NAME)
    await page.fill("#password", _PASSWORD)
    await page.click("button[type=submit]")
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.close()
    return context


async def _look(context: BrowserContext, address: str) -> tuple[_Seen, str]:
    """Look at an address: what is seen there, and what the page said first on its socket."""
    seen, said = _Seen(), list[str]()
    shift = time.monotonic() - time.time()

    def opened(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: said.append(str(frame)))

    page = await context.new_page()
    page.on("websocket", opened)
    await page.expose_function("seen", lambda text, at: seen.see(text, at / 1000 + shift))
    await page.goto(address)
    await page.wait_for_selector(".progress .big")
    await page.evaluate(_WATCH)
    return seen, next(frame for frame in said if frame.startswith("40/_event,"))


async def _tab(session: aiohttp.ClientSession, url: str, hello: str, seen: _Seen) -> None:
    """A tab as its server knows it: says what the browser's said, and takes what comes."""
    address = f"{url}/_event/?token={uuid.uuid4()}&EIO=4&transport=websocket"
    async with session.ws_connect(address, max_msg_size=0) as socket:
        async for message in socket:
            text = str(message.data)
            if text.startswith("0"):
                await socket.send_str(hello)
            elif text == "2":
                await socket.send_str("3")
            found = _DONE.search(text)
            if found:
                seen.state = seen.state or len(text)
                seen.see(found[1], time.monotonic())
