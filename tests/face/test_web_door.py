"""The door's pages: signing in and out and the first owner, without a script, in both languages."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.responses import Response

from app.api.guard import Guard
from app.api.main import build_api
from app.services import cookies, passwords, people, sessions
from app.web import bundle, door
from tests.face.api import HOME, PUBLIC, Api, TestClient, public
from tests.face.signed_in import PASSWORD, browser_of

HERE = ("127.0.0.1", 50_000)
OWNER = {"name": "지민", "password": PASSWORD, "again": PASSWORD}
KOREAN = {"accept-language": "ko-KR,ko;q=0.9"}


@pytest.fixture
def browser(api: Api) -> Iterator[TestClient]:
    built = build_api(api.house)
    built.include_router(door.router)
    with TestClient(Guard(built), base_url=HOME, client=HERE, follow_redirects=False, headers=KOREAN) as client:
        yield client


class Seen(HTMLParser):
    """The inputs and links of a page, and what its elements with an id say."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inputs: dict[str, dict[str, str | None]] = {}
        self.labels: set[str | None] = set()
        self.ids: dict[str, str] = {}
        self.loads: list[str] = []
        self._at = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._at = given.get("id") or ""
        if tag == "input":
            self.inputs[given["name"] or ""] = given
        if tag == "label":
            self.labels.add(given.get("for"))
        self.loads += [value for name, value in attrs if name in ("href", "src", "action") and value]
        assert tag not in ("script", "style", "iframe")
        assert not [name for name in given if name.startswith("on") or name == "style"]

    def handle_data(self, data: str) -> None:
        if self._at:
            self.ids[self._at] = self.ids.get(self._at, "") + data.strip()
            self._at = ""


def test_the_owner_is_made_and_goes_on_to_what_was_wanted(browser: TestClient, api: Api):
    form = browser.get("/welcome?next=/new")
    assert form.status_code == 200
    assert Seen(form.text).inputs["next"]["value"] == "/new"
    made = browser.post("/welcome", data={**OWNER, "next": "/new"})
    assert (made.status_code, made.headers["location"]) == (303, "/new")
    assert sessions.caller(api.house, browser.cookies[cookies.SESSION]).name == "지민"
    assert browser.get("/welcome").headers["location"] == "/sign-in"
    assert browser.post("/welcome", data=OWNER).headers["location"] == "/sign-in"
    assert browser.get("/sign-in?next=/new").headers["location"] == "/new", "who is signed in already goes on"


def test_a_new_house_is_not_signed_in_to(browser: TestClient):
    assert browser.get("/sign-in").headers["location"] == "/welcome"
    assert browser.get("/sign-in?next=/new").headers["location"] == "/welcome?next=%2Fnew"


def test_signing_in_and_out(browser: TestClient, api: Api):
    browser_of(api.house)
    done = browser.post("/sign-in", data={**OWNER, "next": "/batches/7?start=50"})
    assert (done.status_code, done.headers["location"]) == (303, "/batches/7?start=50")
    first = browser.cookies[cookies.SESSION]
    browser.post("/sign-in", data=OWNER)
    second = browser.cookies[cookies.SESSION]
    assert first != second
    out = browser.post("/sign-out")
    assert (out.status_code, out.headers["location"], dict(browser.cookies)) == (303, "/sign-in", {})
    for secret in (first, second):
        browser.cookies.set(cookies.SESSION, secret)
        assert browser.get("/sign-in").status_code == 200, "a browser has one session at a time"


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/welcome"])
def test_another_site_signs_nobody_in_or_out(browser: TestClient, api: Api, path: str):
    if path != "/welcome":
        browser.cookies.update(browser_of(api.house))
    assert browser.post(path, data=OWNER, headers={"origin": "https://evil.test"}).status_code == 403
    assert browser.get("/sign-out").status_code in (401, 404, 405), "a link signs nobody out"


@pytest.mark.parametrize("wanted", ["//evil.test", "/\\evil.test", "https://evil.test", "/\r\nx: y", "javascript:1"])
def test_the_door_leads_to_no_other_site(browser: TestClient, api: Api, wanted: str):
    browser_of(api.house)
    assert browser.post("/sign-in", data={**OWNER, "next": wanted}).headers["location"] == "/"
    assert browser.get("/sign-in", params={"next": wanted}).headers["location"] == "/"


def wrong(answer: Response | object, field: str) -> str:
    """What is said next to a field; it is tied to it."""
    seen = Seen(answer.text)  # type: ignore[union-attr]
    given = seen.inputs[field]
    assert given["aria-invalid"] == "true"
    assert f"{field}-wrong" in (given["aria-describedby"] or "").split()
    assert "autofocus" in given
    return unescape(seen.ids[f"{field}-wrong"])


def test_what_is_wrong_is_said_next_to_the_field_and_the_name_stays(browser: TestClient, api: Api):
    browser_of(api.house)
    refused = browser.post("/sign-in", data={"name": '지민"><b>', "password": "something else"})
    assert refused.status_code == 401
    assert wrong(refused, "password") == "이름과 비밀번호가 맞지 않습니다. 다시 입력하세요."
    assert Seen(refused.text).inputs["name"]["value"] == '지민"><b>'
    assert "value" not in Seen(refused.text).inputs["password"]
    assert "something else" not in refused.text
    assert wrong(browser.post("/sign-in", data={"name": " ", "password": "x"}), "name") == "이름을 입력하세요."
    assert wrong(browser.post("/sign-in", data={"name": "지민"}), "password") == "비밀번호를 입력하세요."


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"again": "another"}, "again", "두 비밀번호가 다릅니다"),
        ({"password": "short", "again": "short"}, "password", "10자 이상"),
        ({"name": ""}, "name", "이름을 입력하세요"),
        ({"name": "a\u200bb"}, "name", "보이는 글자"),
    ],
)
def test_an_owner_that_makes_no_sense_is_told_why(
    browser: TestClient, api: Api, changed: dict[str, str], field: str, said: str
):
    refused = browser.post("/welcome", data={**OWNER, **changed})
    assert refused.status_code == 400
    assert said in wrong(refused, field)
    assert Seen(refused.text).inputs["name"].get("value", "") == changed.get("name", "지민")
    assert people.nobody(api.house)


def test_too_many_attempts_are_told_when_to_come_again(browser: TestClient, api: Api, monkeypatch: pytest.MonkeyPatch):
    browser_of(api.house)
    monkeypatch.setattr(passwords, "matches", lambda *_: False)
    answers = [browser.post("/sign-in", data=OWNER) for _ in range(11)]
    assert [one.status_code for one in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "초 뒤에 다시" in answers[-1].text


def test_from_elsewhere_the_owner_is_not_made(api: Api):
    built = build_api(public(api.house))
    built.include_router(door.router)
    client = TestClient(Guard(built), base_url=PUBLIC, client=("10.0.0.9", 1), follow_redirects=False)
    for answer in (client.get("/welcome"), client.post("/welcome", data=OWNER)):
        assert answer.status_code == 403
        assert "python -m app user add" in answer.text
        assert "<form" not in answer.text
    assert people.nobody(api.house)


@pytest.mark.parametrize("path", ["/sign-in", "/welcome"])
def test_the_pages_need_nothing_but_this_house_and_no_script(browser: TestClient, api: Api, path: str):
    if path == "/sign-in":
        browser_of(api.house)
    answer = browser.get(path)
    seen = Seen(answer.text)
    assert seen.loads
    assert all(load.startswith("/") and not load.startswith("//") for load in seen.loads)
    policy = answer.headers["content-security-policy"]
    assert {"default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"} <= set(policy.split("; "))
    assert answer.headers["cache-control"] == "no-store"
    shown = {name for name, given in seen.inputs.items() if given.get("type") != "hidden"}
    assert shown == seen.labels
    kind = "new-password" if path == "/welcome" else "current-password"
    assert (seen.inputs["name"]["autocomplete"], seen.inputs["password"]["autocomplete"]) == ("username", kind)


@pytest.mark.parametrize("path", ["/sign-in?next=/new", "/welcome?next=/new"])
def test_the_language_is_the_browsers_and_can_be_switched(browser: TestClient, api: Api, path: str):
    if "sign-in" in path:
        browser_of(api.house)
    assert '<html lang="ko">' in browser.get(path).text
    assert '<html lang="en">' in browser.get(path, headers={"accept-language": "en-GB"}).text
    link = re.search(r'href="([^"]+)" lang="en"', browser.get(path).text)
    assert link
    english = browser.get(unescape(link[1]))
    assert '<html lang="en">' in english.text
    assert not re.search("[가-힣]", english.text.replace("한국어", ""))
    assert browser.cookies["keybatch_language"] == "en"
    assert '<html lang="en">' in browser.get(path).text, "it is remembered"
    assert Seen(english.text).inputs["next"]["value"] == "/new"


@pytest.mark.parametrize("body", [b"\xff\xfe", b"name=%ff", b"a" * 20_000, b"&".join([b"a=1"] * 50), b"name=a&name=b"])
def test_nothing_that_is_sent_breaks_the_door(browser: TestClient, api: Api, body: bytes):
    browser_of(api.house)
    answer = browser.post("/sign-in", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 400


def test_the_doors_styles_are_those_of_the_built_pages(tmp_path: Path):
    (tmp_path / "assets").mkdir()
    face = "@font-face{font-family:Pretendard Variable;src:url(/assets/a.woff2)}"
    (tmp_path / "assets" / "styles.css").write_text(f".x{{color:red}}{face}@font-face{{font-family:Other}}")
    (tmp_path / "keybatch.css").write_text(Path("assets/keybatch.css").read_text(encoding="utf-8"), encoding="utf-8")
    made = bundle.door_styles(tmp_path)
    assert face in made
    assert "Other" not in made
    assert "@media(prefers-color-scheme:dark){:root{" in made
    assert "color-scheme:dark" in made
    (tmp_path / "assets" / "styles.css").write_text("")
    with pytest.raises(RuntimeError, match="typeface"):
        bundle.door_styles(tmp_path)
