"""What the charts of a batch, its acts and its calls say, by pure functions."""

import re
import shlex
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from app.services.activity import CLI, HOUSE, Act
from app.services.charts import LOG_EDGES, Cloud, Distribution, Dot, Spread, put
from app.services.shapes import Counts, SourceView
from app.services.timeline import Moment, Rest, Timeline
from app.web import acts, charts, snippets
from tests.face.test_web_shown import NOW, batch, info

INFOS = {name: info(name) for name in ("naver.blog", "naver.cafe")}
LANGUAGES = pytest.mark.parametrize("language", ["ko", "en"])


def spread(*values: float) -> Spread:
    made = Spread("log", LOG_EDGES, [0] * (len(LOG_EDGES) + 1))
    for value in values:
        put(made, value)
    return made


def source(**counts: int) -> SourceView:
    return SourceView("naver.blog", "running", 100, Counts(**counts))


def shapes(drawing: str, tag: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(drawing).findall(tag)


@LANGUAGES
def test_a_distribution_draws_values_and_says_the_rest_beside_them(language):
    seen = Distribution(source(ok=6, below=20, missing=3, failed=2), spread(0, 0, 1, 7, 7, 50))
    found = charts.distribution(seen, INFOS, language)
    assert found.rows == [
        ["0", "2"],
        ["1", "1"],
        ["2–4", "0"],
        ["5–9", "2"],
        ["10–19", "0"],
        ["20–49", "0"],
        ["50–99", "1"],
    ]
    assert all(number in found.notes[0] for number in ("6", "20", "3", "2", "69"))
    columns = shapes(found.drawing, "rect")
    assert [one.get("class") for one in columns] == ["col zero", "col", "col", "col"]  # none for what nobody said


def test_without_a_value_nothing_is_drawn_and_what_is_hidden_is_not_told():
    empty = charts.distribution(Distribution(source(below=4), None), INFOS, "en")
    assert (empty.drawing, empty.rows) == ("", [])
    assert "4 below" in empty.notes[1]
    hidden = charts.distribution(Distribution(source(ok=4), None, withheld=True), INFOS, "en")
    assert (hidden.drawing, len(hidden.notes)) == ("", 1)


def test_yes_and_no_are_two_columns():
    flag = Spread("flag", (), [7], zeros=3)
    found = charts.distribution(Distribution(source(ok=10), flag), INFOS, "en")
    assert found.rows == [["no", "3"], ["yes", "7"]]


@LANGUAGES
def test_dots_are_named_and_those_without_two_numbers_are_counted(language):
    dots = (Dot(0, "<b>맥북</b>", 100.0, 0.0), Dot(1, "우산", 5_000.0, 12_543.0))
    seen = Cloud("naver.blog", "naver.cafe", dots, 5, 9, {"below": 2, "unread": 1})
    found = charts.cloud(seen, INFOS, language)
    titles = [one.findtext("title") for one in shapes(found.drawing, "circle")]
    assert titles == ["<b>맥북</b>: 100 · 0", "우산: 5,000 · 12,543"]
    assert all(re.search(rf"\b{number}\b|{number}", found.notes[0]) for number in (2, 5, 9))
    assert len(found.notes) == 2  # zero has a strip of its own, and that is said
    assert [row[1:] for row in found.rows] == [["1", "0"], ["1", "12,543"]]


def test_no_dot_is_said_instead_of_drawn():
    found = charts.cloud(Cloud("naver.blog", "naver.cafe", (), 5, 5, {"unread": 5}), INFOS, "en")
    assert (found.drawing, found.rows) == ("", [])


@LANGUAGES
def test_a_gap_is_no_line_and_a_wait_is_marked(language):
    runs = ((Moment(NOW, 0), Moment(NOW + 1_000, 50)), (Moment(NOW + 60_000, 51), Moment(NOW + 61_000, 100)))
    rests = (Rest(NOW + 1_000, NOW + 60_000, "quota"), Rest(NOW + 60_500, NOW + 60_600, "throttled"))
    found = charts.timeline(Timeline(runs, rests, NOW, NOW + 61_000, 100, timed=True), NOW, language)
    lines = [one for one in shapes(found.drawing, "path") if one.get("class") == "line"]
    assert len(lines) == 2
    [band] = [one for one in shapes(found.drawing, "rect") if "band" in str(one.get("class"))]
    assert band.findtext("title") == {"ko": "한도 회복 대기", "en": "waiting for quota"}[language]
    assert len(found.rows) == 3  # both runs and the wait; what took less than a second is not worth a line


def test_readings_without_a_time_are_no_line():
    found = charts.timeline(Timeline(((Moment(NOW, 0),),), (), NOW, NOW + 9, 5, timed=False), NOW, "en")
    assert found.drawing == ""


@pytest.mark.parametrize(
    ("value", "ko", "en"),
    [
        (0, "0", "0"),
        (0.5, "0.5", "0.5"),
        (950, "950", "950"),
        (100_000, "10만", "100K"),
        (10_000_000, "1,000만", "10M"),
    ],
)
def test_axes_are_marked_as_the_language_counts(value, ko, en):
    assert (charts.compact(value, "ko"), charts.compact(value, "en")) == (ko, en)


def act(what: str, who: str = "지민", **about: object) -> Act:
    return Act(7, NOW, who, what, about)


EVERY = [
    act("submit", items=1, sources=2), act("submit", items=5, sources=1, rerun_of=3), act("pause"), act("resume"),
    act("cancel", by="person"), act("cancel", "", by="deadline"), act("retry", lookups=38, source="", error=""),
    act("retry", lookups=1, source="naver.blog", error="unreachable"), act("rerun", batch=9),
    act("rename", before="a", name="<b>"), act("tag", tag="가을"), act("untag", tag="가을"),
    act("running", "", account="naver/default", reason="quota"), act("completed", "", failed=0),
    act("completed", "", failed=2),
    *(act("waiting", "", account="naver/team", reason=reason, until=NOW) for reason in
      ("quota", "upstream_down", "credentials", "throttled", "something_new")),
]  # fmt: skip


@LANGUAGES
@pytest.mark.parametrize("one", EVERY, ids=lambda one: f"{one.what} {dict(one.about)}")
def test_every_act_is_a_sentence_in_the_persons_language(one, language):
    said = acts.line(one, INFOS, NOW, language)
    assert said.text
    assert "{" not in said.text
    assert said.text != one.what
    own = said.text.replace("가을", "").replace("네이버", "")
    assert bool(re.search("[가-힣]", own)) == (language == "ko")
    assert said.icon in acts.ICONS


def test_acts_lead_to_the_other_batch_and_the_house_has_a_name():
    assert acts.line(act("rerun", batch=9), INFOS, NOW, "en").address == "/batches/9"
    assert acts.line(act("submit", items=1, sources=1, rerun_of=3), INFOS, NOW, "en").link == "#3"
    assert [acts.who(name, "en") for name in (HOUSE, CLI, "지민")] == ["Keybatch itself", "command line", "지민"]
    assert acts.line(act("of_tomorrow"), INFOS, NOW, "en").text == "of_tomorrow"


@LANGUAGES
def test_the_calls_name_the_batch_and_the_house_and_hold_no_secret(language):
    mine = batch(tags=("가을 $(rm -rf ~)", '"; x'), max_age_s=3600, priority="high")
    found = {one.key: one for one in snippets.snippets(mine, "https://keybatch.example/", language)}
    assert found["curl-setup"].text.splitlines()[0] == "API=https://keybatch.example/api/v1"
    submit = shlex.split(found["curl-submit"].text.replace("\\\n", ""))
    assert submit[-1] == (
        "$API/batches?sources=naver.blog&tags=%EA%B0%80%EC%9D%84+%24%28rm+-rf+~%29&tags=%22%3B+x"
        "&priority=high&max_age=3600"
    )  # fmt: skip
    for key in ("look", "events", "export", "retry", "cancel"):
        words = shlex.split(found[f"curl-{key}"].text)
        assert words[0] == "curl"
        assert "Authorization: Bearer $TOKEN" in words
        assert words[-1].startswith("$API/batches/7")
    assert "kb_" not in str(found)


def test_a_house_with_an_odd_address_is_quoted():
    odd = snippets.snippets(replace(batch()), "http://x/$(id)", "en")[0].text
    assert shlex.split(odd.splitlines()[0]) == ["API=http://x/$(id)/api/v1"]
