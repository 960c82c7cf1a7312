"""The table of a batch: pages joined are the whole list that a model in Python sorts and filters."""

import base64
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import BadValue, NoSuchBatch
from app.repositories import batches as rows
from app.repositories import readings
from app.services import batches, control, initials, table
from app.services.house import House
from app.services.selection import Order, spellings
from app.services.sheets import Line
from app.services.table import Page
from tests.stage import environment

SOURCES = ("wordfreq.ko", "wordfreq.en")
KEYWORDS = ["맥북", "맥북 Air", "macbook AIR", "100% 울", "100원", "a_b", "axb", "Über", "ÜBER", "카페", "\\", "가"]
WELL = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Said:
    """What a source said, in the model."""

    state: str
    value: float | None = None
    upper: float | None = None
    observed_at: int = 0

    def stored(self) -> tuple[Any, ...]:
        error = "unreachable" if self.state == "failed" else None
        return self.state, self.value, self.upper, None, "", self.observed_at, False, 1, 1, error, None


@dataclass
class Model:
    """A batch of `KEYWORDS`, in the database and here."""

    house: House
    batch: int
    said: dict[tuple[int, str], Said] = field(default_factory=dict)

    def read(self, found: dict[tuple[int, str], Said]) -> None:
        with self.house.db.work() as work:
            first, _ = rows.take_seq(work.connection, self.batch, len(found))
            numbered = enumerate(found.items(), first)
            lines = [(self.batch, source, position, seq, *one.stored()) for seq, ((position, source), one) in numbered]
            readings.add(work.connection, lines)
            for source in {source for _, source in found}:
                states = Counter(one.state for (_, name), one in found.items() if name == source)
                rows.count_readings(work.connection, self.batch, source, states)
        self.said |= found

    def key(self, sort: str, position: int) -> Any:
        if sort == "keyword":
            return KEYWORDS[position]
        source, suffix = (sort, "") if sort in SOURCES else (sort.rpartition(".")[0], sort.rpartition(".")[2])
        one = self.said.get((position, source))
        if one is None:
            return None
        return {"": one.value, "status": one.state, "observed_at": one.observed_at}[suffix]

    def fits(self, position: int, filters: Sequence[str], q: str) -> bool:
        return _holds(KEYWORDS[position], q) and all(self._filter(position, text) for text in filters)

    def _filter(self, position: int, text: str) -> bool:
        source, sign, rest = next(text.partition(sign) for sign in (":", "<=", ">=", "<", ">", "=") if sign in text)
        one = self.said.get((position, source))
        if sign == ":":
            return (one.state if one else "pending") in rest.split(",")
        if one is None:
            return False
        number = float(rest)
        if one.value is not None:
            there = one.value
            fit = {"<": there < number, "<=": there <= number, "=": there == number}
            return {**fit, ">=": there >= number, ">": there > number}[sign]
        return sign in ("<", "<=") and one.upper is not None and one.upper <= number

    def listed(self, sort: str, order: Order, filters: Sequence[str], q: str) -> list[int]:
        found = [position for position in range(len(KEYWORDS)) if self.fits(position, filters, q)]
        if sort == "position":
            return found[::-1] if order == "desc" else found
        keyed = [position for position in found if self.key(sort, position) is not None]
        keyed.sort(key=lambda position: self.key(sort, position), reverse=order == "desc")
        # A reversed stable sort keeps equals in their order.
        return keyed + [position for position in found if self.key(sort, position) is None]


def _holds(typed: str, q: str) -> bool:
    small = "".join(letter.lower() if letter.isascii() else letter for letter in typed)
    if not q or any(one in small for one in spellings(q)):
        return True
    places = ["".join(f"{re.escape(a)}-{re.escape(z)}" for a, z in letter) for letter in initials.letters(q)]
    return bool(places) and re.search("".join(f"[{one}]" for one in places), typed.replace(" ", "")) is not None


@pytest.fixture
def model(house: House) -> Model:
    return made(house)


def made(house: House) -> Model:
    return Model(house, batches.submit(house, KEYWORDS, SOURCES).batch)


said = st.one_of(
    st.builds(Said, st.just("ok"), st.sampled_from([0.0, 1.0, 1.5, 9.0, 2.0**53]), observed_at=st.integers(1, 3)),
    st.builds(Said, st.just("below"), upper=st.sampled_from([2.0, 10.0]), observed_at=st.integers(1, 3)),
    st.builds(Said, st.sampled_from(["missing", "failed"]), observed_at=st.integers(1, 3)),
)
lookups = st.tuples(st.integers(0, len(KEYWORDS) - 1), st.sampled_from(SOURCES))
sorts = st.sampled_from(["position", "keyword"]) | st.builds(
    str.__add__, st.sampled_from(SOURCES), st.sampled_from(["", ".status", ".observed_at"])
)
states = st.lists(
    st.sampled_from(["ok", "below", "missing", "failed", "pending"]), min_size=1, max_size=3, unique=True
).map(",".join)
numbers = st.builds(str.__add__, st.sampled_from(["<", "<=", "=", ">=", ">"]), st.sampled_from(["0", "1.5", "2", "10"]))
filters = st.builds(str.__add__, st.sampled_from(SOURCES), numbers | states.map(":".__add__))
queries = st.sampled_from(["", "", "", "맥", "AIR", "0%", "_", "\\", "über", "북 a", "x", "없음", "ㅁㅂ", "ㅋ", "북ㅂ"])
orders: st.SearchStrategy[Order] = st.sampled_from(["asc", "desc"])


def pages(model: Model, sort: str, order: Order, filters: Sequence[str], q: str, limit: int) -> Iterator[Page]:
    cursor: str | None = ""
    for _ in count():
        page = table.page(
            model.house, model.batch, sort=sort, order=order, filters=filters, q=q, cursor=cursor or "", limit=limit
        )
        yield page
        cursor = page.cursor
        if cursor is None:
            return


@WELL
@given(
    found=st.dictionaries(lookups, said),
    later=st.dictionaries(lookups, said),
    sort=sorts,
    order=orders,
    filters=st.lists(filters, max_size=3),
    q=queries,
    limit=st.integers(1, 13),
)
def test_pages_joined_are_the_whole_list_as_it_was_at_the_first_of_them(
    house: House,
    found: dict[tuple[int, str], Said],
    later: dict[tuple[int, str], Said],
    sort: str,
    order: Order,
    filters: list[str],
    q: str,
    limit: int,
) -> None:
    model = made(house)
    model.read(found)
    expected = model.listed(sort, order, filters, q)
    new = {lookup: one for lookup, one in later.items() if lookup not in found}

    shown: list[dict[str, Any]] = []
    for n, page in enumerate(pages(model, sort, order, filters, q, limit)):
        if n == 0:
            assert page.seq == len(found)
            model.read(new)
        shown += page.rows

    assert [row["position"] for row in shown] == expected
    seen = {(row["position"], name): cell for row in shown for name, cell in row["readings"].items()}
    first = {lookup for lookup in seen if lookup[0] in {row["position"] for row in shown[:limit]}}
    for lookup in seen.keys() - first:
        assert (seen[lookup] is not None) == (lookup in found), "what came after the first page is not there yet"
    everything = table.page(house, model.batch, sort=sort, order=order, filters=filters, q=q, limit=100, count=True)
    assert [row["position"] for row in everything.rows] == model.listed(sort, order, filters, q)
    assert everything.matched == len(everything.rows)


def test_a_row_says_everything_and_nothing_that_nobody_said(model: Model) -> None:
    model.read(
        {
            (0, SOURCES[0]): Said("ok", 12_543.0, observed_at=1_795_000_000_000),
            (0, SOURCES[1]): Said("below", upper=10.0),
            (1, SOURCES[0]): Said("failed"),
        }
    )

    first, second, *_ = table.page(model.house, model.batch).rows

    assert (first["position"], first["keyword"], first["asked"], first["merged"]) == (0, "맥북", "맥북", 0)
    assert first["readings"][SOURCES[0]] == {
        "status": "ok", "value": 12_543, "data": {}, "observed_at": "2026-11-18T11:06:40.000Z", "from_cache": False,
        "attempts": 1, "error": None, "seq": 1,
    }  # fmt: skip
    assert first["readings"][SOURCES[1]]["value"] is None
    assert first["readings"][SOURCES[1]]["data"] == {"below": 10}
    assert second["readings"][SOURCES[0]]["error"] == "unreachable"
    assert second["readings"][SOURCES[1]] is None


def test_what_stood_beside_a_keyword_is_told_by_its_column(house: House) -> None:
    line = Line(1, "맥북", {"갈래": "전자", "메모": ""})
    batch = batches.submit(house, [line], [SOURCES[0]], columns=("갈래", "메모")).batch

    assert table.page(house, batch).rows[0]["others"] == {"갈래": "전자", "메모": ""}


def test_a_keyword_typed_in_pieces_is_found_by_one_that_is_whole(house: House) -> None:
    batch = batches.submit(house, ["\u1106\u1162\u11a8\u1107\u116e\u11a8 프로", "맥북 에어"], [SOURCES[0]]).batch

    assert [row["position"] for row in table.page(house, batch, q="맥북").rows] == [0, 1]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("ㅁㅂ", [0, 1, 2, 3]),
        ("ㅁㅂㅇㅇ", [1, 2]),
        ("ㅁ ㅂ ㅇ", [1, 2]),
        ("맥ㅂ", [0, 1, 2]),
        ("ㅁㅂㅍㄹ", [0]),
        ("ㅍㄹ", [0]),
        ("ㅁㅂ PRO", [3]),
        ("ㅂㅁ", []),
        ("ㅋㅋ", [4]),
        ("100%ㅇ", [5]),
        ("[ㅇ]", [6]),
        ("^ㄷ", [7]),
        ("ㄳ", [8]),
    ],
)
def test_a_keyword_is_found_by_its_initial_consonants(house: House, q: str, found: list[int]) -> None:
    pieces = unicodedata.normalize("NFD", "맥북 프로")
    whole = ["맥북 에어", "맥북에어 2", "맵 Pro 맵북pro", "ㅋㅋ", "100% 울", "[울]*", "^도", "감사", "pro", "없음"]
    batch = batches.submit(house, [pieces, *whole], [SOURCES[0]]).batch

    page = table.page(house, batch, q=q, count=True)

    assert [row["position"] for row in page.rows] == found
    assert page.matched == len(found)


def test_what_a_cancelled_batch_did_not_ask_can_be_listed(model: Model) -> None:
    model.read({(0, SOURCES[0]): Said("ok", 1.0)})
    control.cancel(model.house, model.batch)

    page = table.page(model.house, model.batch, filters=[f"{SOURCES[0]}:cancelled"], count=True)

    assert page.matched == len(KEYWORDS) - 1
    assert page.rows[0]["position"] == 1


@pytest.mark.parametrize(
    "words",
    [
        {"sort": "naver.blog"},
        {"sort": "wordfreq.ko.value"},
        {"sort": ""},
        {"filters": ["wordfreq.ko"]},
        {"filters": ["wordfreq.ko:"]},
        {"filters": ["wordfreq.ko:done"]},
        {"filters": ["wordfreq.ko<"]},
        {"filters": ["wordfreq.ko<1e999"]},
        {"filters": ["wordfreq.ko>nan"]},
        {"filters": ["wordfreq.ko=1,000"]},
        {"filters": ["naver.blog:ok"]},
        {"filters": ["wordfreq.ko:ok"] * 21},
        {"q": "a\0"},
        {"cursor": "!"},
        {"cursor": "é"},
        {"cursor": "bm8"},
    ],
)
def test_what_is_not_understood_is_refused_with_a_sentence(model: Model, words: dict[str, Any]) -> None:
    with pytest.raises(BadValue) as caught:
        table.page(model.house, model.batch, **words)

    assert str(caught.value.facts["why"]).endswith(".")


def test_a_cursor_is_of_one_table_only(model: Model) -> None:
    model.read({(n, SOURCES[0]): Said("ok", 1.0) for n in range(5)})
    other = made(model.house)
    cursor = table.page(model.house, model.batch, sort=SOURCES[0], limit=2).cursor
    assert cursor is not None

    for batch, words in (
        (other.batch, {"sort": SOURCES[0]}),
        (model.batch, {"sort": SOURCES[1]}),
        (model.batch, {"sort": SOURCES[0], "order": "desc"}),
        (model.batch, {"sort": SOURCES[0], "q": "a"}),
        (model.batch, {"sort": SOURCES[0], "filters": [f"{SOURCES[0]}:ok"]}),
    ):
        with pytest.raises(BadValue):
            table.page(model.house, batch, cursor=cursor, **words)  # type: ignore[arg-type] -- words as they come


@pytest.mark.parametrize(
    "sort", ["position", "keyword", SOURCES[0], f"{SOURCES[0]}.status", f"{SOURCES[0]}.observed_at"]
)
@pytest.mark.parametrize("rest", [[], [1], [1, 1], [1, [], 1], [-1, 1.0, 1], [1, True, 1], [1, "a", 1.5], [1, "\0", 1]])
def test_a_cursor_that_was_tampered_with_is_refused(model: Model, sort: str, rest: list[Any]) -> None:
    page = table.page(model.house, model.batch, sort=sort, limit=1)
    assert page.cursor is not None
    mark = orjson.loads(base64.urlsafe_b64decode(page.cursor + "=="))[0]
    forged = base64.urlsafe_b64encode(orjson.dumps([mark, *rest])).decode()

    with pytest.raises(BadValue):
        table.page(model.house, model.batch, sort=sort, cursor=forged)


def test_the_largest_numbers_a_cursor_may_hold_are_no_trouble(model: Model) -> None:
    mark = orjson.loads(base64.urlsafe_b64decode(str(table.page(model.house, model.batch, limit=1).cursor) + "=="))[0]
    far = base64.urlsafe_b64encode(orjson.dumps([mark, 2**63 - 1, None, 2**31 - 1])).decode().rstrip("=")

    assert table.page(model.house, model.batch, cursor=far).rows == []


def test_what_is_shown_to_nobody_is_neither_sorted_nor_filtered_by(model: Model, settings_of: dict[str, str]) -> None:
    model.read({(0, SOURCES[0]): Said("ok", 1.0)})
    with environment({**settings_of, "KEYBATCH_WORDFREQ_VISIBLE_TO": "nobody"}):
        for words in ({"sort": SOURCES[0]}, {"sort": f"{SOURCES[0]}.status"}, {"filters": [f"{SOURCES[0]}:ok"]}):
            with pytest.raises(BadValue):
                table.page(model.house, model.batch, **words)  # type: ignore[arg-type] -- words as they come
        row = table.page(model.house, model.batch).rows[0]

    assert row["readings"][SOURCES[0]]["status"] == "withheld"
    assert row["readings"][SOURCES[0]]["value"] is None


def test_an_unknown_batch_has_no_table(house: House) -> None:
    with pytest.raises(NoSuchBatch):
        table.page(house, 404)
