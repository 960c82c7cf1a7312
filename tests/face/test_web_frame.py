"""The frame: what its last line says of the house, and that its keys and words are whole."""

import re
from pathlib import Path

import pytest

from app.services import ops
from app.services.ops import Health
from app.web.components.health import sentence
from app.web.components.rail import PAGES
from app.web.state import Ui
from app.web.words import known

CODES = frozenset(ops.TROUBLES)


def test_a_house_that_is_well_says_so_with_its_figures():
    assert sentence(Health(workers=4, queued=0), "en") == ("fine", "4 workers · 0 in queue", "everything healthy")
    assert sentence(Health(workers=1, queued=2), "ko") == ("fine", "워커 1 · 대기 2", "모두 정상")


def test_what_is_not_known_is_no_zero():
    assert sentence(Health(troubles=("redis_down",)), "en") == ("trouble", "", "Redis does not answer")


def test_the_weightiest_trouble_is_said():
    found = Health(workers=0, queued=3, troubles=("no_workers", "late_messages"))
    assert sentence(found, "en")[2] == "no worker is there"


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_trouble_has_words(code: str):
    assert known(f"alarm_{code}")


def test_there_are_troubles_to_have_words_for():
    assert {"database_down", "redis_down", "no_workers"} <= CODES


def test_every_page_of_the_rail_has_its_own_keys_and_a_word():
    assert len({key for *_, key in PAGES}) == len(PAGES)
    assert all(known(f"page_{name}") for name, *_ in PAGES)


@pytest.mark.parametrize(("person", "mark"), [("지민", "지민"), ("Kim Jimin", "KJ"), ("operator", "op"), ("", "")])
def test_a_person_is_marked_by_the_first_letters(person: str, mark: str):
    assert Ui.computed_vars["initials"].fget(type("Tab", (), {"person": person})()) == mark


def test_no_script_of_the_frame_writes_markup():
    script = (Path(__file__).resolve().parents[2] / "assets" / "frame.js").read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", script), "a name could be a script"
