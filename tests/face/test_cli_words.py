"""What the command line calls things: everything has a name, in both languages."""

import re
import string
from typing import get_args

import pytest

from app.cli import labels, outlook
from app.cli.words import Sentence
from app.services.shapes import BatchState


def facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def every_label() -> list[Sentence]:
    found = []
    for value in vars(labels).values():
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else [value]
        found += [part for part in parts if isinstance(part, Sentence)]
    return found


@pytest.mark.parametrize("label", every_label(), ids=lambda label: label.en)
def test_a_label_is_in_both_languages(label):
    assert facts(label.en) == facts(label.ko)
    assert re.search("[가-힣]", label.ko)


def test_every_state_has_a_name():
    assert set(labels.STATES) == set(get_args(BatchState))


@pytest.mark.parametrize(
    ("ms", "en", "ko"),
    [
        (-5, "0 s", "0초"),
        (59_999, "59 s", "59초"),
        (60_000, "1 min", "1분"),
        (200_000, "3 min 20 s", "3분 20초"),
        (2 * 86_400_000 + 4 * 3_600_000 + 60_000, "2 d 4 h", "2일 4시간"),
        (86_400_000 + 60_000, "1 d", "1일"),
        (4_000 * 86_400_000, "4,000 d", "4,000일"),
    ],
)
def test_a_time_is_told_in_its_two_largest_units(monkeypatch, ms, en, ko):
    monkeypatch.setenv("LC_ALL", "C")
    assert outlook.span(ms) == en
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert outlook.span(ms) == ko


@pytest.mark.parametrize(("part", "percent"), [(0.0, 0), (0.001, 1), (0.5, 50), (0.999, 99), (1.0, 100)])
def test_a_whole_is_told_only_when_it_is_one(part, percent):
    assert outlook.percent(part) == percent
