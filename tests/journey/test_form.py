"""What people do to the form of a new batch that they should not suffer for."""

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.journey.browsing import PATIENCE_MS, Up, enter, fill, own, shown, state, submitted, tab
from tests.simulators.naver import NaverSimulator, expected_total
from tests.stage import until

HOSTILE = ["<script>window.struck = 1</script>", '"><img src=x onerror="window.struck = 1">', "{{7*7}} ${7*7}"]


def called(up: Up, name: str) -> list[int]:
    """The batches of this name."""
    return [one["id"] for one in json.loads(up.run("batches", "--json")) if one["name"] == name]


def name_it(page: Page, name: str) -> None:
    page.locator("#new-batch input[name=name]").fill(name)


def test_a_table_in_an_old_encoding_is_read_by_the_column_that_is_picked(
    house: tuple[Up, NaverSimulator], browser: Browser, tmp_path: Path
) -> None:
    up, _ = house
    path, words = tmp_path / "상품.csv", [f"상품 {n}번 똠방각하" for n in range(30)]
    lines = ["번호,상품명,비고", *(f"{n},{word},창고 {n % 3}" for n, word in enumerate(words))]
    path.write_bytes("\r\n".join(lines).encode("cp949"))
    with tab(browser, f"{up.url}/new") as page:
        fill(page, [], ["naver.blog"])
        page.locator(".given input[type=file]").set_input_files(path)
        expect(page.locator("label.field", has_text="Encoding").locator("select")).to_have_value("cp949")
        for column in ("비고", "상품명"):
            page.get_by_role("button", name=column).click()
            expect(page.get_by_role("button", name=column)).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".findings .counts")).to_contain_text(f"{len(words)} accepted")
        submitted(page)
        told = [[word, f"{expected_total('blog', word):,}"] for word in words]
        until(lambda: [row[1:3] for row in shown(page)] == told)
        expect(state(page)).to_have_text("completed")


def test_two_clicks_and_the_way_back_make_one_batch(house: tuple[Up, NaverSimulator], browser: Browser) -> None:
    up, _ = house
    with tab(browser, f"{up.url}/batches") as page:
        page.get_by_role("link", name="New batch").click()
        fill(page, ["두 번 누른 것", "또 하나"], ["wordfreq.ko"])
        name_it(page, "두 번")
        page.locator("button[data-intent=submit]").dblclick()
        page.wait_for_url(re.compile(r"/batches/\d+"))
        expect(state(page)).to_have_text("completed")

        page.locator(".rail a[href='/batches']").click()
        page.get_by_role("link", name="New batch").click()
        expect(page.locator("#keywords")).to_have_value("")
        fill(page, ["보내는 중에 돌아간 것"], ["wordfreq.ko"])
        name_it(page, "돌아감")
        page.evaluate("document.querySelector('button[data-intent=submit]').click(); history.back()")
        page.wait_for_url(re.compile("/batches/?$"))
        expect(page.get_by_text(re.compile(r"Batch \d+ was submitted"))).to_be_visible()
        assert page.url.rstrip("/") == f"{up.url}/batches", "nobody is taken away from where he went"
        page.go_forward()
        page.wait_for_url(re.compile("/new/?$"))
        expect(page.locator("#new-batch input[name^='source:']")).not_to_have_count(0)
        expect(page.locator("#keywords")).to_have_value("")
    assert len(called(up, "두 번")) == 1
    assert len(called(up, "돌아감")) == 1


def test_who_is_signed_out_while_typing_finds_it_again(house: tuple[Up, NaverSimulator], browser: Browser) -> None:
    up, _ = house
    words = [f"쓰던 키워드 {n}" for n in range(50)]
    own(browser, up)
    up.run("user", "add", "쓰는이", "--role", "member", given="a writer's first sentence\n")
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{up.url}/sign-in?next=/new")
    enter(page, "쓰는이", "a writer's first sentence")
    fill(page, words[:20], ["naver.blog", "wordfreq.ko"])
    up.run("user", "password", "쓰는이", given="a writer's second sentence\n")
    page.locator("#keywords").fill("\n".join(words))
    name_it(page, "쓰던 것")
    page.wait_for_function("!document.querySelector('.l-live')")  # until then its open page may still submit
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/sign-in"))
    enter(page, "쓰는이", "a writer's second sentence")
    page.wait_for_url(re.compile("/new/?$"))
    expect(page.locator(".restored")).to_be_visible()
    assert page.locator("#keywords").input_value() == "\n".join(words)
    expect(page.locator("#new-batch input[name=name]")).to_have_value("쓰던 것")
    picked = page.locator("#new-batch input[name^='source:']:checked")
    expect(picked).to_have_count(2)
    submitted(page)
    expect(page.locator("h1")).to_contain_text("쓰던 것")
    assert len(called(up, "쓰던 것")) == 1
    context.close()


def test_whatever_is_typed_is_text_and_too_much_of_it_is_refused(
    house: tuple[Up, NaverSimulator], browser: Browser
) -> None:
    up, _ = house
    with tab(browser, f"{up.url}/new") as page:
        fill(page, HOSTILE, ["naver.blog"])
        name_it(page, "가" * 5_000)
        page.locator("button[data-intent=submit]").click()
        expect(page.locator(".wrong[data-place=name]")).to_contain_text("at most 200 characters")
        assert page.locator("#keywords").input_value() == "\n".join(HOSTILE)
        name_it(page, HOSTILE[0])
        batch = submitted(page)
        expect(page.locator("h1")).to_have_text(HOSTILE[0])
        expect(state(page)).to_have_text("completed")
        assert [row[1] for row in shown(page)] == HOSTILE
        for address in (f"/batches/{batch}?row=1", f"/batches/{batch}?tab=activity", "/batches", "/"):
            page.goto(up.url + address)
            expect(page.get_by_text(HOSTILE[0]).first).to_be_visible()
            assert page.evaluate("window.struck") is None
            assert page.title().endswith("Keybatch")
