"""How cells become text, and which columns are taken."""

import csv
import io
import os
import subprocess
import sys
import time
from contextlib import suppress
from math import inf, nan
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import clock
from app.errors import BadValue
from app.services import derived, formulas
from app.services.formats import csv_lines, wide
from app.services.formats.columns import Column, chosen, listed, unlike
from app.services.formats.finished import GRACE_S, KEEP_S, clean
from app.services.formats.instants import iso
from app.services.shapes import Cell

ROOT = Path(__file__).parents[2]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
BEGINNINGS = st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "'", "''", '"', "\n", ",", ";", " ="])
NASTY = st.builds("{}{}".format, BEGINNINGS, TEXTS)
NUMBERS = st.integers(0, 10**7).map(float) | st.sampled_from([0.0, -0.0, 5e-324, 1e308, inf, -inf, nan, 2, -7.5, None])
STATES = st.just("ok") | st.sampled_from(["ok", "below", "missing", "failed", "withheld", "cancelled", ""])
SAID = st.none() | st.fixed_dictionaries({}, optional={"at_least": st.integers(0, 30), "pc": st.integers(0, 30)})
CELLS = st.tuples(st.just(0), STATES, NUMBERS, NUMBERS, SAID, st.none())
RATIOS = st.just("{} / {}") | st.sampled_from(
    ["{1}/{0}", "{} ÷ {}", "{} / {}.pc", "{0} / {1} / {1}", "{} * {}", "1 / {}"]
)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def columns(*names: str) -> list[Column]:
    return [Column(name, "text", list) for name in names]


def aged(path: Path, seconds: int) -> None:
    made = time.time() - seconds
    os.utime(path, (made, made))


def undone(cell: str) -> str:
    return cell.removeprefix("'")


@given(st.lists(st.lists(NASTY, min_size=3, max_size=3), min_size=1), st.sampled_from([",", ";", "\t"]))
def test_texts_survive_and_none_is_run(rows: list[list[str]], delimiter: str) -> None:
    guarded = [[csv_lines.safe(cell) for cell in row] for row in rows]
    text = csv_lines.written(guarded, delimiter).decode()
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert not [cell for row in read for cell in row if cell.startswith(DANGEROUS)]
    assert [[undone(cell) for cell in row] for row in read] == rows


@given(st.lists(st.integers(0, 4_000_000_000_000) | st.none()))
def test_many_instants_are_written_as_one_is(instants: list[int | None]) -> None:
    assert iso(instants) == [None if ms is None else clock.iso(ms) for ms in instants]


def test_fields_choose_and_order() -> None:
    found = chosen(columns("a", "=b", "c"), ("c", "a"), csv_lines.safe)
    assert [column.name for column in found] == ["c", "a"]
    assert [column.name for column in chosen(columns("a", "=b"), ("'=b",), csv_lines.safe)] == ["=b"]
    assert len(chosen(columns("a", "b"), (), csv_lines.safe)) == 2


def test_an_unknown_field_names_those_there_are() -> None:
    with pytest.raises(BadValue, match=r"'nothing'.*a, b"):
        chosen(columns("a", "b"), ("a", "nothing"), csv_lines.safe)


@pytest.mark.parametrize(
    ("text", "names"),
    [("", ()), ("a", ("a",)), ("a,b.c", ("a", "b.c")), ('"가격, 원",b', ("가격, 원", "b")), ('a"', ('a"',))],
)
def test_fields_are_given_in_one_text(text: str, names: tuple[str, ...]) -> None:
    assert listed(text) == names


@given(st.text())
def test_whatever_is_given_as_fields_is_names_or_refused(text: str) -> None:
    with suppress(BadValue):
        assert all(isinstance(name, str) for name in listed(text))


@given(st.lists(st.sampled_from(["a", "a (2)", "b"])))
def test_columns_of_one_name_are_told_apart(names: list[str]) -> None:
    apart = unlike(names)
    assert len(set(apart)) == len(names)
    assert all(new.startswith(old) for new, old in zip(apart, names, strict=True))


def test_a_reading_is_the_same_json_embedded_or_not() -> None:
    said = {"pc": {"below": 10}, "competition": "높음", "ratio": 0.1}
    assert orjson.dumps(orjson.Fragment(orjson.dumps(said).decode())) == orjson.dumps(said)


def test_old_files_and_the_oldest_of_too_many_go(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("app.services.formats.finished.MOST_BYTES", 25)
    ages = {"new": 0, "older": GRACE_S + 10, "oldest": GRACE_S + 20, "over": KEEP_S + GRACE_S + 10}
    for name, age in ages.items():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(b"x" * 10)
        aged(path, age)
    (tmp_path / "part-of-a-killed-one").mkdir()
    aged(tmp_path / "part-of-a-killed-one", KEEP_S + GRACE_S + 10)
    clean(tmp_path)
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["new", "older"]


def test_what_writes_files_is_not_in_the_process_that_serves() -> None:
    look = "import sys, app.api.main, app.cli.main; print(sorted({'pyarrow', 'xlsxwriter'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@settings(max_examples=300)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1), RATIOS)
def test_what_is_worked_out_is_what_the_formula_says_of_any_cells(rows, formula):
    names = ("naver.blog", "naver_searchad.volume")
    spec = derived.stored([derived.Spec(formula.format(*names))], names)
    batch = SimpleNamespace(sources=[SimpleNamespace(name=name) for name in names], derived=spec, columns=())
    stored = [[(*cell[:4], cell[4] and orjson.dumps(cell[4]).decode(), None) for cell in row] for row in rows]
    page = wide.Page(batch, [(0, "", None)] * len(rows), dict(zip(names, zip(*stored, strict=True), strict=True)))
    values, words = (column.make(page) for column in wide.columns(batch)[-2:])

    [one] = derived.columns(spec, names)
    for row, value, word in zip(rows, values, words, strict=True):
        cells = {name: Cell(*cell[1:5]) for name, cell in zip(names, row, strict=True)}
        number, status = formulas.csv(one.cell(cells))
        assert repr(value) == repr(None if number == "" else number if number % 1 else int(number))
        assert word == (status or None)


def test_a_number_divided_by_another_needs_no_interval():
    def number(value):
        return (0, "ok", value, None, None, None)

    found = wide.quotients([number(6.0), number(1.0), number(0.0)], [number(3.0), number(4.0), number(9.0)])
    assert list(found) == [(2, "ok"), (0.25, "ok"), (0, "ok")]
    assert list(wide.quotients([number(1.0)] * 4, map(number, [0.0, inf, 5e-324, 1]))) == [None] * 4
