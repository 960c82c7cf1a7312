"""Computed columns: what a formula may say, what it is of readings that are numbers, ranges or nothing."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadValue, UnknownSource
from app.services.expressions import MAX_LENGTH, MAX_NODES
from app.services.formulas import Derived, DerivedCell, Formula, competition, csv, text
from app.services.intervals import Interval, exact
from app.services.shapes import Cell

INF = math.inf
BLOG, VOLUME = "naver.blog", "naver_searchad.volume"
KNOWN = (
    BLOG,
    "naver.cafe",
    VOLUME,
    f"{VOLUME}.pc",
    f"{VOLUME}.mobile",
    "wordfreq.is",
    "wikipedia.zh-yue",
    "wikipedia.zh",
)
VALUES = {name: exact(float(n)) for n, name in enumerate(KNOWN, 2)}


@pytest.fixture
def ratio() -> Derived:
    """Blog posts ÷ monthly searches."""
    return competition(BLOG, VOLUME)


def read(formula: str, known=KNOWN) -> Formula:
    return Formula.parse(formula, known)


def refused(formula: str, known=KNOWN) -> str:
    """Why a formula is not taken."""
    with pytest.raises(BadValue) as error:
        Formula.parse(formula, known)
    assert error.value.facts["name"] == "formula"
    assert "formula" in error.value.sentence("ko")
    return str(error.value.facts["why"])


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("naver.blog", 2),
        ("naver.blog / naver.cafe", 2 / 3),
        ("naver.blog+naver.cafe*naver_searchad.volume", 2 + 3 * 4),
        ("(naver.blog+naver.cafe)*naver_searchad.volume", (2 + 3) * 4),
        ("naver.blog - naver.cafe - 1", -2),
        ("-naver.blog", -2),
        ("2 - -naver.blog", 4),
        ("naver.blog / 4 / 2", 0.25),
        ("naver_searchad.volume.pc / naver_searchad.volume", 5 / 4),
        ("naver.blog × 100 ÷ naver.cafe − .5", 200 / 3 - 0.5),
        ("min(naver.blog, naver.cafe, 1.5)", 1.5),
        ("max(naver.blog, naver.cafe) * 1e3", 3000),
        ("abs(1 - naver.blog)", 1),
        ("log10(naver.blog * 50)", 2),
        ("wordfreq.is + 007", 14),
        ("wikipedia.zh-yue-naver.blog", 6),
        ("wikipedia.zh-naver.blog", 7),
        ("\n naver.blog\t+\u3000naver.blog ", 4),
    ],
)
def test_a_formula_is_computed_as_it_is_written(formula, value):
    found = read(formula).value(VALUES)

    assert found.low == found.high == pytest.approx(value)


def test_a_formula_names_what_it_needs_once():
    formula = read("naver_searchad.volume.pc / (naver.blog + naver.blog) * naver_searchad.volume.pc")

    assert formula.names == ("naver_searchad.volume.pc", "naver.blog")
    assert formula.text.startswith("naver_searchad.volume.pc / (")
    assert formula == read(formula.text)


@pytest.mark.parametrize("missing", [BLOG, VOLUME])
@pytest.mark.parametrize("formula", [f"{BLOG} / {VOLUME}", f"max({BLOG}, 0 * {VOLUME}, 5)", f"abs(-{VOLUME}) + {BLOG}"])
def test_a_formula_without_one_of_its_columns_has_no_value(formula, missing):
    assert read(formula).value({**VALUES, missing: None}) is None
    assert read(formula).value({name: value for name, value in VALUES.items() if name != missing}) is None


@pytest.mark.parametrize("formula", ["naver.blog / (naver.cafe - 3)", "log10(-naver.blog)", "naver.blog * 1e308"])
def test_a_formula_may_have_no_value(formula):
    assert read(formula).value(VALUES) is None


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("", "Name at least one column"),
        ("  ", "Name at least one column"),
        ("1 + 2", "Name at least one column"),
        ("naver.blgo * 2", '"naver.blgo" (character 1)'),
        ("2 * naver.blog.pc", '"naver.blog.pc" (character 5)'),
        ("naver_searchad.volume.", '"." (character 22)'),
        ("naver.blog + sqrt(4)", '"sqrt" (character 14)'),
        ("naver.blog ** 2", "character 13"),
        ("naver.blog // 2", "character 13"),
        ("naver.blog % 2", '"%" (character 12)'),
        ("naver.blog + '2'", '"\'" (character 14)'),
        ("naver.blog[0]", '"[" (character 11)'),
        ("naver.blog < 2", '"<" (character 12)'),
        ("naver.blog = 2", '"=" (character 12)'),
        ("naver.blog; 2", '";" (character 11)'),
        ("naver.blog + 1,000", "Write 1000 for 1,000"),
        ("max(naver.blog, 1,000)", "(character 17)"),
        ("naver.blog, 2", "character 1 "),
        ("naver.blog naver.cafe", "character 12"),
        ("2naver.blog", "character 2"),
        ("naver.blog +", "its end"),
        ("(naver.blog", "character 1 "),
        ("naver.blog)", "character 11"),
        ("+naver.blog", "character 1 "),
        ("naver.blog(2)", "character 1 "),
        ("3(naver.blog)", "character 1 "),
        ("naver.blog + min", "character 14"),
        ("naver.blog + ()", "character 14"),
        ("max(naver.blog)", "max takes two parts or more (character 1)"),
        ("2 * abs(naver.blog, 2)", "abs takes one part (character 5)"),
        ("max(naver.blog, *naver.blog)", "character 17"),
        ("lambda: naver.blog", '"lambda" (character 1)'),
        ("naver.blog if 1 else 2", '"if" (character 12)'),
        ("naver.blog.__class__", '"naver.blog.__class__" (character 1)'),
        ("__import__(naver.blog)", '"__import__" (character 1)'),
        ("v0 + naver.blog", '"v0" (character 1)'),
        ("naver.blog + 1e999", "1e999 (character 14) is too large"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(formula, why):
    assert why in refused(formula)


def test_an_unknown_name_is_told_the_known_ones():
    assert refused("x", ["naver.blog", "naver.cafe"]).endswith("Known: naver.blog, naver.cafe, min, max, abs, log10.")
    assert "naver.blog" in refused("naver.blog", [])


def test_long_formulas_are_refused():
    most = "naver.blog" + " " * (MAX_LENGTH - len("naver.blog"))

    assert read(most).names == (BLOG,)
    assert str(MAX_LENGTH) in refused(f"{most} ")
    assert read("-" * (MAX_NODES - 1) + "naver.blog").names == (BLOG,)
    assert str(MAX_NODES) in refused("-" * MAX_NODES + "naver.blog")
    assert str(MAX_NODES) in refused("naver.blog" + "+1" * 240)


@pytest.mark.parametrize("formula", ["(" * 250 + "naver.blog" + ")" * 240, "abs(" * 99 + "naver.blog" + ")" * 94])
def test_deep_formulas_are_refused(formula):
    assert refused(formula)


@given(st.text("0123456789.+-*/(),e abv_ \n÷naver.blog" + "\x00\u200b한", max_size=80))
def test_any_text_is_read_or_refused(formula):
    try:
        found = Formula.parse(f"{formula} naver.blog", KNOWN).value(VALUES)
    except BadValue:
        return

    assert found is None or found.low <= found.high


numbers = st.integers(1, 10**7).map(float)


@given(numbers, numbers, numbers)
def test_a_formula_of_numbers_is_what_python_makes_of_it(a, b, c):
    known = {"s.a": exact(a), "s.b": exact(b), "s.c": exact(c)}
    found = Formula.parse("(s.a - s.b) * 2 / s.c + min(s.a, s.b) - -s.c", list(known)).value(known)

    assert found == exact((a - b) * 2 / c + min(a, b) - -c)


@given(numbers, numbers, st.floats(0, 1, exclude_max=True))
def test_the_ratio_of_a_range_holds_that_of_every_volume_in_it(documents, upper, part):
    known = {BLOG: exact(documents), VOLUME: Interval(0, upper, False, True)}
    volume = part * upper
    found = read(f"{BLOG} / {VOLUME}").value(known)

    if 0 < volume < upper:
        assert found.low <= documents / volume <= found.high


def test_competition_names_what_it_divides(ratio):
    assert ratio.ko == "경쟁률 (블로그 문서수 ÷ 월간 검색수)"
    assert ratio.en == "Competition (Blog posts ÷ Monthly searches)"
    assert ratio.formula.names == (BLOG, VOLUME)
    assert competition("naver.cafe", VOLUME).ko == "경쟁률 (카페 글수 ÷ 월간 검색수)"
    assert competition("naver.cafe", VOLUME).key != ratio.key


def test_competition_of_a_source_that_is_none(ratio):
    with pytest.raises(UnknownSource):
        competition("naver.blgo", VOLUME)


@pytest.mark.parametrize(
    ("documents", "volume", "shown", "told", "band"),
    [
        # 12,543 posts, searched 4,370 times on PC and 20,000 times on mobile
        (Cell("ok", 12543.0), Cell("ok", 24370.0), "0.51", "ok", "보통"),
        # searched fewer than 20 times
        (Cell("ok", 12543.0), Cell("below", upper=20.0), "> 627.15", "above 627.15", "매우 높음"),
        # 4,370 on PC, fewer than 10 on mobile
        (Cell("ok", 13110.0), Cell("below", upper=4380.0, data={"at_least": 4370}), "2.99–3.00", "range", ""),
        (Cell("ok", 8740.0), Cell("below", upper=4380.0, data={"at_least": 4370}), "1.99–2.00", "range", "높음"),
        (Cell("ok", 40.0), Cell("below", upper=20.0), "> 2.00", "above 2", ""),
        (Cell("ok", 0.0), Cell("ok", 24370.0), "0.00", "ok", "낮음"),
        (Cell("ok", 3.0), Cell("ok", 24370.0), "< 0.01", "ok", "낮음"),
        (Cell("ok", 0.0), Cell("below", upper=20.0), "", "", ""),
        (Cell("ok", 12543.0), Cell("ok", 0.0), "", "", ""),
        (Cell("ok", 0.0), Cell("ok", 0.0), "", "", ""),
        (Cell("below", upper=10.0), Cell("ok", 100.0), "0.00–0.10", "range 0..0.1", "낮음"),
        (Cell("below", upper=10.0), Cell("below", upper=20.0), "", "", ""),
        *((Cell(state), Cell("ok", 24370.0), "", "", "") for state in ("pending", "missing", "failed", "cancelled")),
        *((Cell("ok", 12543.0), Cell(state), "", "", "") for state in ("pending", "missing", "failed", "cancelled")),
    ],
)
def test_competition_by_hand(ratio, documents, volume, shown, told, band):
    cell = ratio.cell({BLOG: documents, VOLUME: volume, "naver.cafe": Cell("ok", 1.0)})
    value, status = csv(cell)

    assert text(cell, ratio.decimals) == shown
    assert status.startswith(told)
    assert bool(status) is bool(told)
    assert ratio.bands.label(cell.band, "ko") == band
    assert cell.state == {"ok": "ok", "": ""}.get(status, "range")
    assert value == (documents.value / volume.value if status == "ok" else "")


def test_a_batch_without_one_of_the_sources_has_no_ratio(ratio):
    assert ratio.cell({BLOG: Cell("ok", 1.0)}) == ratio.cell({VOLUME: Cell("ok", 1.0)}) == DerivedCell()


def test_further_columns_take_part():
    share = Derived("share", "PC 비율", "PC share", read(f"{VOLUME}.pc / ({VOLUME}.pc + {VOLUME}.mobile)"))
    sure = Cell("ok", 24370.0, data={"pc": 4370, "mobile": 20000, "competition": "높음"})
    unsure = Cell("below", upper=4380.0, data={"pc": 4370, "mobile": {"below": 10}, "at_least": 4370})

    assert share.cell({VOLUME: sure}).value == 4370 / 24370
    assert share.cell({VOLUME: unsure}).interval == Interval(4370 / 4380, 1.0, True, False)
    assert share.cell({VOLUME: unsure}).band is None
    assert share.cell({VOLUME: Cell("ok", 24370.0, data={"pc": "높음", "mobile": 1})}) == DerivedCell()
    assert share.cell({VOLUME: Cell("failed", error="unreachable")}) == DerivedCell()


def test_what_could_be_anything_is_shown_as_nothing():
    either = Derived("either", "차이", "Difference", read(f"1 / ({VOLUME} - 5)"))

    assert either.cell({VOLUME: Cell("below", upper=10.0)}) == DerivedCell()


@pytest.mark.parametrize(
    ("interval", "told"),
    [
        (exact(0.0), (0.0, "ok")),
        (Interval(1.2, 3.4), ("", "range 1.2..3.4")),
        (Interval(123.4, INF, True, True), ("", "above 123.4")),
        (Interval(5.0, INF, False, True), ("", "range 5..")),
        (Interval(-INF, 3.0, True, True), ("", "below 3")),
        (None, ("", "")),
    ],
)
def test_a_range_leaves_the_number_of_a_csv_empty(interval, told):
    assert csv(DerivedCell(interval)) == told
