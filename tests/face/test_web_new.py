"""The form for a new batch: what it says, what fills it, only the newest preview, one batch for each filled form."""

import asyncio
from typing import Any

import orjson
import pytest
from fastapi import FastAPI
from hypothesis import given as for_all
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.errors import BadValue, EmptyInput, NoSources
from app.services import announced, batches, saved
from app.services.house import House
from app.web import filled, filling, making, pasted, uploads
from app.web.pages.new import NewState
from app.web.presets import Presets
from app.web.turns import Overtaken, Turns
from tests.face.new_form import Locked, Tab, kept, keywords
from tests.face.signed_in import OWNER, STRANGER, VIEWER, announce

FORM = {
    "source:wordfreq.ko": "on", "source:naver.blog": "on", "pay:naver": "naver/team", "step:spaces": "on",
    "fix:latin_typed": "on", "merge_spacing": "on", "tags": "가을\n주간", "priority": "low", "max_age": "7",
    "name": "n", "keywords": "비밀", "intent": "preset",
}  # fmt: skip
USABLE = {"wordfreq.ko", "wordfreq.en"}


def client_of_pages() -> TestClient:
    app = FastAPI()
    app.include_router(pasted.router)
    return TestClient(app)


def run(handler: Any, state: Any, *arguments: Any) -> Any:
    return asyncio.run(handler.fn(state, *arguments))


def test_a_preset_keeps_the_choice_and_none_of_the_keywords():
    body = filling.body(FORM)
    assert "비밀" not in str(body)
    assert body["sources"] == ["wordfreq.ko", "naver.blog"]
    found = filling.of_body(orjson.loads(orjson.dumps(body)), USABLE | {"naver.blog"})
    assert found.gone == ()
    assert {key: value for key, value in FORM.items() if key not in ("name", "keywords", "intent")} == found.fields


def test_what_is_not_there_any_more_is_left_out_and_named():
    found = filling.of_body(filling.body(FORM), USABLE)
    assert "source:naver.blog" not in found.fields
    assert found.gone == ("naver.blog",)
    assert orjson.loads(found.written("preset=x")).keys() == {"id", "link", "fields", "kinds"}
    assert found.written() != found.written(), "the same twice is filled in twice"


KEYS = st.text(max_size=12) | st.sampled_from(["sources", "steps", "tags", "accounts", "priority", "max_age"])
PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
ANY = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(), PLAIN, max_size=2)


@for_all(st.dictionaries(KEYS, ANY, max_size=6))
def test_any_body_fills_a_form_with_texts(body: dict[str, Any]):
    found = filling.of_body(body, USABLE)
    assert all(isinstance(value, str) for value in found.fields.values())
    assert found.fields.get("priority", "low") in ("high", "default", "low")


def test_a_link_says_sources_name_and_options_and_no_more_than_fits():
    found = filling.of_link(
        {"sources": ["wordfreq.ko, nowhere"], "name": ["가을"], "priority": ["urgent"], "max_age": ["7"]}, USABLE
    )
    assert found.fields == {"source:wordfreq.ko": "on", "name": "가을", "max_age": "7"}
    assert (found.kinds, found.gone) == (("source:",), ("nowhere",))
    preset = filling.of_body(filling.body(FORM), USABLE | {"naver.blog"})
    both = filling.joined(preset, filling.of_link({"sources": ["wordfreq.en"]}, USABLE))
    assert [key for key in both.fields if key.startswith("source:")] == ["source:wordfreq.en"]
    assert both.fields["tags"] == "가을\n주간"


def test_an_earlier_batch_lends_its_sources_and_options(house: House):
    number = batches.submit(
        house, ["a"], ["wordfreq.ko"], name="가을", priority="low", max_age_s=8 * 86_400, tags=["t"]
    ).batch
    found = filling.of_batch(batches.get(house, number), USABLE)
    assert found.fields["source:wordfreq.ko"] == "on"
    assert (found.fields["name"], found.fields["tags"], found.fields["priority"]) == ("가을", "t", "low")
    assert found.fields["max_age"] == "7", "never an older reading than that batch would have taken"


@pytest.mark.parametrize(
    ("exc", "place"),
    [
        (NoSources(), "sources"), (EmptyInput(), "keywords"),
        (BadValue(name="deadline", value="x", why=""), "deadline"),
        (BadValue(name="name", value="x", why=""), "name"), (BadValue(name="priority", value="x", why=""), ""),
    ],
)  # fmt: skip
def test_a_refusal_has_its_place_and_is_said_in_korean(exc: Any, place: str):
    assert filled.place(exc) == place
    assert any("가" <= char <= "힣" for char in filled.sentence(exc, "ko"))


def test_a_name_is_refused_rather_than_cut():
    assert filled.name({"name": " 가을\r\n목록 "}) == "가을 목록"
    assert filled.name({"name": "<script>alert(1)</script>"}) == "<script>alert(1)</script>"
    with pytest.raises(BadValue):
        filled.name({"name": "n" * 5_000})


def test_the_same_form_sent_twice_is_one_batch_and_another_one_under_its_key_is_refused(house: House):
    tab = Tab()
    first = [event for event in tab.press("맥북", key="k-1") if event is not None]
    again = [event for event in tab.press("맥북", key="k-1") if event is not None]
    [made] = batches.listing(house)
    assert f"{{batch:{made.id},here:" in str(first[-1])
    assert f"{{batch:{made.id},here:" in str(again[-1])
    assert tab.new.made == "k-1"

    tab.press("다른 것", key="k-1")
    assert "이미 제출" in tab.new.refusal
    assert tab.new.refusals == 1
    tab.press("다른 것", key="k-2")
    assert len(batches.listing(house)) == 2


def test_many_presses_at_once_make_one_batch(house: House):
    tabs = [Tab() for _ in range(5)]

    async def press(tab: Tab) -> None:
        form = {"keywords": "맥북\n에어팟", "key": "same", "source:wordfreq.ko": "on"}
        async for _ in NewState.submit.fn(Locked(tab.new), form):
            pass

    async def all_of_them() -> None:
        await asyncio.gather(*(press(tab) for tab in tabs))

    asyncio.run(all_of_them())
    assert len(batches.listing(house)) == 1
    assert {tab.new.refusal for tab in tabs} == {""}


def test_who_submitted_is_led_to_the_batch_unless_he_went_elsewhere(house: House):
    tab = Tab()
    assert "/batches/7" in str(asyncio.run(NewState.go_on.fn(tab.new, 7, True)))
    elsewhere = str(asyncio.run(NewState.go_on.fn(tab.new, 7, False)))
    assert "배치" in elsewhere
    assert "redirect" not in elsewhere


def test_the_fingerprint_is_of_what_the_batch_is_made_of():
    one = filled.fingerprint(FORM, "k")
    assert filled.fingerprint({**FORM, "intent": "submit", "turn": "9", "key": "x"}, "k") == one
    assert filled.fingerprint({**FORM, "source:naver.blog": ""}, "k") != one
    assert filled.fingerprint(FORM, "other") != one
    assert making.once({}, 1, "k") is None


def test_who_may_only_look_submits_nothing(house: House):
    tab = Tab()
    announce(tab.root, VIEWER)
    tab.press("맥북")
    assert tab.new.refusal
    assert batches.listing(house) == []
    tab.press("맥북", "preview")
    assert tab.new.forecast.shown


def test_tags_go_with_the_batch(house: House):
    Tab().press("맥북", tags="가을\n주간\n가을", name="n")
    assert batches.listing(house)[0].tags == ("가을", "주간")


def test_a_preview_of_nothing_is_none_and_without_a_source_it_says_so_gently(house: House):
    tab = Tab()
    tab.press("맥북", "preview", turn="7")
    assert (tab.new.forecast.shown, tab.new.answered) == (True, "7")
    tab.press("맥북", "preview", turn="8", **{"source:wordfreq.ko": ""})
    assert (tab.new.gentle, tab.new.place, tab.new.answered, tab.new.refusals) == (True, "sources", "8", 0)
    tab.press(" \n", "preview", turn="9")
    assert (tab.new.forecast.shown, tab.new.refusal, tab.new.answered) == (False, "", "9")
    assert kept(house) == []


def test_only_the_newest_answer_counts():
    turns = Turns()
    with turns.taken("tab") as first, turns.taken("other"):
        lines = first.while_wanted(str(n) for n in range(5_000))
        assert next(lines) == "0"
        with turns.taken("tab") as second:
            assert (first.over, second.over) == (True, False)
            with pytest.raises(Overtaken):
                list(lines)
            turns.end("tab")
            assert second.over
    assert turns._newest == {}


def test_an_overtaken_preview_changes_nothing(house: House, monkeypatch: pytest.MonkeyPatch):
    tab = Tab()
    tab.press("맥북\n에어팟", "preview", turn="1")

    def look_and_be_overtaken(at: House, lines: Any, form: Any) -> Any:
        found = real(at, lines, form)
        NewState.outdate.fn(tab.new)
        return found

    real = making.look
    monkeypatch.setattr(making, "look", look_and_be_overtaken)
    tab.press("하나", "preview", turn="2")
    assert (tab.new.forecast.shown, tab.new.answered) == (False, "1")
    assert kept(house) == []


def test_a_long_list_comes_by_itself_and_is_submitted_as_lines(house: House):
    lines = "키워드\n맥북, 16인치\n맥북, 16인치\n"
    client = client_of_pages()
    assert client.post(pasted.PATH, content=lines.encode()).status_code == 401
    assert (
        client.post(pasted.PATH, content=b"x", headers={announced.HEADER: announced.written(VIEWER)}).status_code == 403
    )
    said = client.post(pasted.PATH, content=lines.encode(), headers={announced.HEADER: announced.written(OWNER)})
    name = said.json()["pasted"]
    tab = Tab()
    tab.press("", "preview", pasted=name)
    assert (tab.new.forecast.chips[0].text, tab.given.table.shown) == ("받음 2", False)
    tab.press("", pasted=name)
    assert keywords(house) == ["키워드", "맥북, 16인치"]
    assert kept(house) == []


@pytest.mark.parametrize("name", ["0" * 32, "../../keybatch.db", "x", "0" * 31 + "/"])
def test_a_list_that_is_not_kept_is_asked_for_again(house: House, name: str):
    tab = Tab()
    tab.press("", pasted=name)
    assert "한 번 더" in tab.new.refusal
    assert batches.listing(house) == []


def test_a_long_list_is_bounded(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 100)
    client = client_of_pages()
    said = client.post(pasted.PATH, content=b"x" * 101, headers={announced.HEADER: announced.written(OWNER)})
    assert (said.status_code, kept(house)) == (413, [])


def test_presets_are_kept_applied_and_brought_back(house: House):
    tab = Tab()
    state = tab._of(Presets)
    assert "저장" in str(run(Presets.keep, state, "매주", FORM))
    assert [(one.name, one.about) for one in state.listed] == [("매주", "소스 2개 · 지민")]
    run(Presets.apply, state, "매주")
    assert orjson.loads(state.fill)["fields"]["tags"] == "가을\n주간"

    run(Presets.drop, state, "매주")
    assert state.listed == []
    assert "없습니다" in str(run(Presets.apply, state, "매주"))
    run(Presets.put_back, state, "매주", filling.body(FORM))
    assert [one.name for one in saved.listing(house, 1, "preset")] == ["매주"]
    assert "보이는 글자" in str(run(Presets.keep, state, " ", FORM))


def test_another_workspace_sees_none_of_them_and_who_only_looks_keeps_none(house: House):
    tab = Tab()
    run(Presets.keep, tab._of(Presets), "매주", FORM)
    other = Tab()
    announce(other.root, STRANGER)
    run(Presets.refresh, other._of(Presets))
    assert other._of(Presets).listed == []
    looking = Tab()
    announce(looking.root, VIEWER)
    run(Presets.drop, looking._of(Presets), "매주")
    assert len(saved.listing(house, 1, "preset")) == 1
