"""A table sorted and filtered by worked-out and further columns says what the intervals of these columns say."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from operator import eq, ge, gt, le, lt
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import BadValue
from app.repositories import batches as rows
from app.repositories import readings
from app.services import batches, derived, intervals, results, table
from app.services.house import House
from app.services.selection import Order
from app.services.shapes import Row
from app.sources.base import Reading
from tests.stage import environment
from tests.store.test_derived import KEYS

DOCUMENTS, VOLUME = "naver.blog", "naver_searchad.volume"
SOURCES = (DOCUMENTS, VOLUME)
ITEMS = 7
FORMULAS = (
    f"{DOCUMENTS} / {VOLUME}",
    f"{VOLUME}.pc / {VOLUME}",
    f"({DOCUMENTS} - {VOLUME}) / ({VOLUME}.mobile - 3)",
    f"min({DOCUMENTS}, log10({VOLUME}), 100 / {VOLUME}.pc)",
    f"max(-{DOCUMENTS}, abs({VOLUME} - 20) * 2, {VOLUME} / {DOCUMENTS})",
    f"log10({DOCUMENTS} + 0.5)",
)
COMPARE: dict[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, "=": eq, ">=": ge, ">": gt}
WELL = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
numbers = st.sampled_from([0, 1, 2, 3, 10, 20, 24_370, 2**53])
parts = numbers | st.sampled_from([{"below": 10}, 0.5, True, "높음", None])
datas = st.fixed_dictionaries({}, optional={"pc": parts, "mobile": parts, "at_least": st.sampled_from([5, 20])})
found_readings = st.one_of(
    st.builds(lambda value, data: Reading("ok", float(value), data=data), numbers, datas),
    st.builds(lambda upper, data: Reading("below", upper=upper, data=data), st.sampled_from([10.0, 29.0]), datas),
    st.builds(lambda data: Reading("missing", data=data), datas),
    st.just(Reading("failed")),
)
lookups = st.dictionaries(st.tuples(st.integers(0, ITEMS - 1), st.sampled_from(SOURCES)), found_readings)
orders: st.SearchStrategy[Order] = st.sampled_from(["asc", "desc"])


@pytest.fixture(autouse=True)
def credentials(house: House, settings_of: dict[str, str]) -> Iterator[None]:
    with environment({**settings_of, **KEYS}):
        yield


def measured(house: House, found: dict[tuple[int, str], Reading], formulas: Sequence[str] = FORMULAS) -> int:
    specs = [derived.Spec(formula) for formula in formulas]
    batch = batches.submit(house, [f"낱말 {n}" for n in range(ITEMS)], SOURCES, worked_out=specs).batch
    with house.db.work() as work:
        first, _ = rows.take_seq(work.connection, batch, len(found))
        numbered = enumerate(found.items(), first)
        lines = [(batch, source, at, seq, *stored(one)) for seq, ((at, source), one) in numbered]
        readings.add(work.connection, lines)
        for source in SOURCES:
            states = Counter(one.state for (_, name), one in found.items() if name == source)
            rows.count_readings(work.connection, batch, source, states) if states else None
    return batch


def stored(one: Reading) -> tuple[Any, ...]:
    data = orjson.dumps(one.data).decode() if one.data else None
    error = "unreachable" if one.state == "failed" else None
    return one.state, one.value, one.upper, data, "", 1, False, 1, 1, error, None


def paged(house: House, batch: int, limit: int = 3, **words: Any) -> list[int]:
    """The positions of a whole table, page by page."""
    found: list[int] = []
    cursor = ""
    for _ in count():
        page = table.page(house, batch, cursor=cursor, limit=limit, **words)
        found += [row["position"] for row in page.rows]
        cursor = page.cursor or ""
        if not cursor:
            return found
    return found


def cells(house: House, batch: int) -> list[tuple[Row, dict[str, Any]]]:
    view = batches.get(house, batch)
    return [(row, dict(zip(SOURCES, row.cells, strict=True))) for row in results.rows(house, view)]


def exact(one: derived.Derived, by_source: dict[str, Any]) -> float | None:
    """The value of a column where everything that it names is known exactly; of a quotient wherever it is exact."""
    if derived.quotient(one.formula):
        return one.cell(by_source).value
    for name in one.formula.names:
        source = next(source for source in SOURCES if f"{name}.".startswith(f"{source}."))
        cell, key = by_source[source], name[len(source) + 1 :]
        part = intervals.known_part(cell, key) if key else intervals.known(cell)
        if part is None or part.low != part.high:
            return None
    return one.cell(by_source).value


@WELL
@given(found=lookups, order=orders, number=st.sampled_from([0.0, 0.5, 1.0, 3.0]), sign=st.sampled_from([*COMPARE]))
def test_every_worked_out_column_sorts_and_filters_as_it_is_shown(
    house: House, found: dict[tuple[int, str], Reading], order: Order, number: float, sign: str
) -> None:
    batch = measured(house, found)
    shown = cells(house, batch)

    for one in derived.columns(batches.get(house, batch).derived, SOURCES):
        values = {row.position: exact(one, by_source) for row, by_source in shown}
        keyed = sorted((at for at in values if values[at] is not None), key=lambda at: (values[at], at))
        if order == "desc":
            keyed.sort(key=lambda at: values[at] or 0.0, reverse=True)
        rest = [at for at in values if values[at] is None]
        assert paged(house, batch, sort=one.key, order=order) == keyed + rest, one.formula.text
        fit = [at for at, value in values.items() if value is not None and COMPARE[sign](value, number)]
        assert paged(house, batch, filters=[f"{one.key}{sign}{number}"]) == fit
        assert paged(house, batch, filters=[f"{one.key}:ok"]) == sorted(keyed)
        assert paged(house, batch, filters=[f"{one.key}:none,range"]) == rest
        if derived.quotient(one.formula):
            states = {row.position: one.cell(by_source).state or "none" for row, by_source in shown}
            for state in ("ok", "range", "none"):
                assert paged(house, batch, filters=[f"{one.key}:{state}"]) == [
                    at for at, known in states.items() if known == state
                ], (state, found)


@WELL
@given(found=lookups, order=orders)
def test_a_further_column_sorts_by_its_numbers(
    house: House, found: dict[tuple[int, str], Reading], order: Order
) -> None:
    batch = measured(house, found)
    parts = {at: (one.data or {}).get("pc") for (at, source), one in found.items() if source == VOLUME}
    values = {at: part for at, part in parts.items() if isinstance(part, int | float) and part is not True}
    keyed = sorted(sorted(values), key=lambda at: values[at], reverse=order == "desc")
    rest = [at for at in range(ITEMS) if at not in values]

    assert paged(house, batch, sort=f"{VOLUME}.pc", order=order) == keyed + rest
    assert paged(house, batch, filters=[f"{VOLUME}.pc>=3"]) == [at for at in sorted(values) if values[at] >= 3]
    both = paged(house, batch, sort="ratio", order=order, filters=[f"{VOLUME}.pc:ok", f"{DOCUMENTS}:ok"])
    assert sorted(both) == [at for at in sorted(values) if found.get((at, DOCUMENTS), Reading("failed")).state == "ok"]


def test_the_ratio_has_a_name_of_its_own(house: House) -> None:
    found = {(n, DOCUMENTS): Reading("ok", float(n)) for n in range(3)}
    found |= {(n, VOLUME): Reading("ok", 2.0) for n in range(3)}
    batch = measured(house, found)

    page = table.page(house, batch, sort="ratio", order="desc", filters=["ratio<1"], count=True)

    assert [row["position"] for row in page.rows] == [1, 0]
    assert page.matched == 2
    assert paged(house, batch, sort=f"competition.{DOCUMENTS}") == paged(house, batch, sort="ratio")


def test_quotients_are_told_apart_to_the_last_bit(house: House) -> None:
    found = {(n, DOCUMENTS): Reading("ok", 1.0) for n in range(2)}
    found |= {(n, VOLUME): Reading("ok", float(2**53 - 5 + 4 * n)) for n in range(2)}
    batch = measured(house, found)

    assert paged(house, batch, sort="ratio")[:2] == [1, 0]
    assert paged(house, batch, filters=[f"ratio={1 / (2**53 - 1)!r}"]) == [1]


def test_numbers_beyond_what_can_be_held_are_refused_or_left_out(house: House) -> None:
    found = {(n, DOCUMENTS): Reading("ok", float(n)) for n in range(3)}
    batch = measured(house, found, [f"{DOCUMENTS} * 1e308 * 1e308"])

    try:
        assert paged(house, batch, sort="derived.1") == [0, 1, 2, 3, 4, 5, 6]
    except BadValue as exc:
        assert not house.db.sqlite
        assert str(exc.facts["why"]).endswith(".")  # noqa: PT017 -- only Postgres gives up


@pytest.mark.parametrize(
    "words",
    [
        {"sort": "derived.9"},
        {"sort": f"{VOLUME}.nothing"},
        {"filters": ["ratio:"]},
        {"filters": ["ratio:below"]},
        {"filters": ["ratio:ok,below"]},
        {"filters": ["derived.3:range"]},
        {"filters": ["derived.3:none"]},
        {"filters": [f"{VOLUME}.pc:range"]},
        {"filters": ["ratio<x"]},
        {"filters": ["derived.2.status:ok"]},
    ],
)
def test_what_is_not_understood_is_refused_with_a_sentence(house: House, words: dict[str, Any]) -> None:
    batch = measured(house, {})

    with pytest.raises(BadValue) as caught:
        table.page(house, batch, **words)

    assert str(caught.value.facts["why"]).endswith(".")


def test_there_is_no_ratio_where_there_is_no_such_column(house: House) -> None:
    batch = measured(house, {}, [])

    with pytest.raises(BadValue):
        table.page(house, batch, sort="ratio")


def test_a_column_of_what_is_shown_to_nobody_sorts_nothing(house: House, settings_of: dict[str, str]) -> None:
    batch = measured(house, {(0, VOLUME): Reading("ok", 5.0, data={"pc": 5})})

    with environment({**settings_of, **KEYS, "KEYBATCH_NAVER_SEARCHAD_VISIBLE_TO": "nobody"}):
        for words in ({"sort": "ratio"}, {"sort": f"{VOLUME}.pc"}, {"filters": ["ratio<1"]}):
            with pytest.raises(BadValue):
                table.page(house, batch, **words)  # type: ignore[arg-type] -- words as they come
