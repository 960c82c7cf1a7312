"""The house used as a person does: a browser on the page, the command line beside it."""

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.journey.browsing import PATIENCE_MS, Up, fill, own, shown, state, submit, submitted, tab
from tests.simulators.naver import NaverSimulator, expected_total
from tests.stage import until

KEYWORDS = [f"키워드 {n}" for n in range(120)]


def exported(page: Page, name: str) -> bytes:
    """The file that the menu of exports gives under this name."""
    page.locator("details.export summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).click()
    return Path(download.value.path()).read_bytes()


def test_a_person_pastes_watches_and_downloads(house: tuple[Up, NaverSimulator], browser: Browser) -> None:
    up, _ = house
    with tab(browser, f"{up.url}/new") as page:
        batch = submit(page, [*KEYWORDS, KEYWORDS[0]], ["naver.blog", "wordfreq.ko"])
        expect(state(page)).to_have_text("completed")

        rows = shown(page)
        assert rows[0][1] == f"{KEYWORDS[0]}+1", "the line that was merged into it"
        assert [row[1] for row in rows[1:]] == KEYWORDS[1 : len(rows)]
        assert [row[2] for row in rows] == [f"{expected_total('blog', one):,}" for one in KEYWORDS[: len(rows)]]
        text = exported(page, "CSV for Excel wide")
    assert text.startswith(b"\xef\xbb\xbfposition,keyword,naver.blog,naver.blog.status")
    assert text.decode("utf-8-sig") == up.run("export", str(batch), "--bom")


def test_what_is_seen_survives_a_reload_and_a_killed_server(house: tuple[Up, NaverSimulator], browser: Browser) -> None:
    up, sim = house
    repeated = sim.stats()["repeated_calls"]
    with tab(browser, f"{up.url}/new") as page:
        batch = submit(page, [f"{keyword} 다시" for keyword in KEYWORDS], ["naver.blog", "naver.cafe"])
        expect(page.locator("table.results tbody tr").first).to_be_visible()
        page.reload()
        up.kill_web()
        until(up.ready, within=30)

        expect(state(page)).to_have_text("completed", timeout=60_000)
        assert [row[2] for row in shown(page)] == [f"{expected_total('blog', row[1]):,}" for row in shown(page)]
    assert batch in [listed["id"] for listed in json.loads(up.run("batches", "--json"))]
    assert sim.stats()["repeated_calls"] == repeated


def test_cancel_asks_once_and_stops(house: tuple[Up, NaverSimulator], browser: Browser) -> None:
    up, sim = house
    with tab(browser, f"{up.url}/new") as page:
        submit(page, [f"{keyword} 취소" for keyword in KEYWORDS * 5] + [f"z {n}" for n in range(600)], ["naver.blog"])
        page.get_by_role("button", name="Cancel", exact=True).click()
        page.locator("[role=alertdialog] .btn.d").click()
        expect(state(page)).to_have_text("cancelled")
        calls = sim.stats()["calls"]
        page.reload()
        expect(state(page)).to_have_text("cancelled")
    assert sim.stats()["calls"] == calls


def test_preview_pause_resume_retry_and_export_from_the_page(
    house: tuple[Up, NaverSimulator], browser: Browser
) -> None:
    up, sim = house
    with tab(browser, f"{up.url}/new") as page:
        words = [f"{keyword} 조절" for keyword in KEYWORDS]
        before = sim.stats()["calls"]
        fill(page, [*words, words[0]], ["naver.blog"])
        expect(page.locator(".forecast")).to_contain_text(f"Calls needed{len(KEYWORDS)}")  # nobody pressed anything
        expect(page.locator(".findings .counts")).to_contain_text("1 merged")
        assert page.locator("#keywords").input_value().startswith(words[0]), "what was typed stays"
        assert sim.stats()["calls"] == before, "a preview asks nobody"

        sim.configure(faults=["garbage=0.5"])
        batch = submitted(page)
        expect(page.locator("table.results tbody tr").first).to_be_visible()
        until(lambda: sim.stats()["calls"] > before + 10)
        page.get_by_role("button", name="Pause").click()
        expect(state(page)).to_have_text("paused")
        expect(page.locator(".reasons")).to_contain_text("Resume goes on where it stopped")
        page.get_by_role("button", name="Resume").click()
        expect(state(page)).to_have_text("completed", timeout=60_000)

        sim.configure(faults=[])
        page.locator(".batch-tabs").get_by_role("link", name="Failures").click()
        expect(page.locator(".kinds > li")).to_have_count(1)
        page.get_by_role("button", name="Retry all").click()
        expect(page.get_by_text("failed lookups are asked again")).to_be_visible()
        expect(page.locator(".kinds")).to_have_count(0)
        expect(state(page)).to_have_text("completed")
        page.locator(".batch-tabs").get_by_role("link", name="Results").click()
        told = [f"{expected_total('blog', word):,}" for word in words[:100]]
        until(lambda: [row[2] for row in shown(page)] == told)
        assert exported(page, "CSV wide").decode() == up.run("export", str(batch))


def test_a_refusal_is_a_sentence_and_keeps_what_was_typed(house: tuple[Up, NaverSimulator], browser: Browser) -> None:
    up, _ = house
    with tab(browser, f"{up.url}/new", locale="ko-KR") as page:
        fill(page, ["맥북"], [])
        page.locator("button[data-intent=submit]").click()

        expect(page.get_by_text("소스를 하나 이상 고르세요.")).to_be_visible()
        assert page.locator("#keywords").input_value() == "맥북"


def test_the_queue_can_be_looked_at_and_not_changed(
    house: tuple[Up, NaverSimulator], browser: Browser, tmp_path: Path
) -> None:
    up, _ = house
    (tmp_path / "keywords.txt").write_text("맥북\n에어팟\n", encoding="utf-8")
    assert int(up.run("submit", str(tmp_path / "keywords.txt"), "--source", "naver.blog", "--wait")) > 0
    with tab(browser, f"{up.url}/rq/") as page:
        expect(page.get_by_text("default-naver").first).to_be_visible()
        refused = page.request.post(f"{up.url}/rq/queue/default-naver/empty")
        assert refused.status == 403


def test_an_account_is_added_tried_and_used(house: tuple[Up, NaverSimulator], browser: Browser) -> None:
    up, sim = house
    told = f"{expected_total('blog', '네이버'):,}"
    frames: list[str] = []
    with tab(browser, f"{up.url}/sources") as page:
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
        page.reload()
        page.get_by_role("button", name="Add account · Naver", exact=True).click()
        page.locator("input[name=account]").fill("team")
        page.get_by_label(re.compile("Client ID", re.IGNORECASE)).fill(sim.client_id)
        page.get_by_label(re.compile("Client secret", re.IGNORECASE)).fill(sim.client_secret)
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Test team").click()
        expect(page.locator(".acct-tried")).to_contain_text(told)
        assert not any(sim.client_secret in frame for frame in frames)
        up.run("submit", "-", "--source", "naver.blog", "--account", "naver/team", "--wait", given="맥북\n")
        assert "naver/team" in up.run("accounts")


def test_nobody_comes_in_without_signing_in_and_who_signs_out_is_out(
    house: tuple[Up, NaverSimulator], browser: Browser
) -> None:
    up, _ = house
    own(browser, up)
    up.run("user", "add", "손님", "--role", "viewer", "--workspace", "guests", given="another sentence\n")
    context = browser.new_context(locale="ko-KR")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    secrets: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: secrets.append(str(frame))))
    page.goto(f"{up.url}/batches/1")
    page.locator("#name").fill("손님")
    page.locator("#password").fill("another sentence")
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_text("그런 배치는 없습니다")).to_be_visible()
    session = next(one["value"] for one in context.cookies() if one["name"] == "keybatch_session")
    assert secrets
    assert not any(session in frame for frame in secrets), "the pages' own state never holds it"
    up.run("user", "remove", "손님")
    page.wait_for_url(re.compile("/sign-in"))
    context.close()
