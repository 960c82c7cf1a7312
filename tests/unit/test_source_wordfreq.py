"""Word frequencies: what the lists say, and what they do not."""

import os
import subprocess
import sys

import pytest
import wordfreq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.sources.base import Reading
from app.sources.wordfreq import Wordfreq


def answer(keyword, lang="ko"):
    return Wordfreq().answer(lang, keyword)


def test_its_languages_are_the_librarys():
    assert set(Wordfreq.channels) == set(wordfreq.available_languages("best"))


@pytest.mark.parametrize("lang", sorted(set(Wordfreq.channels) - {"zh"}))
def test_every_language_splits_words(lang):
    assert wordfreq.lossy_tokenize("맥북 test 시험", lang)


def test_finding_it_loads_neither_library_nor_data():
    seen = "import sys; from app.sources import registry; registry.sources(); print('wordfreq' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", seen], encoding="utf-8").strip() == "False"


def test_chinese_loads_in_silence_and_leaves_nothing_behind(tmp_path):
    code = "from app.sources.wordfreq import Wordfreq; print(Wordfreq().answer('zh', '苹果手机').value)"
    command = [sys.executable, "-W", "error", "-c", code]
    alone = {**os.environ, "TMPDIR": str(tmp_path)}
    run = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", env=alone)
    assert (run.stdout.strip(), run.stderr) == ("3.86", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("lang", "word", "zipf"), [("en", "the", 7.73), ("ko", "맥북", 3.35), ("ja", "林檎", 3.66), ("zh", "苹果", 5.0)]
)
def test_a_listed_word_has_the_librarys_value(lang, word, zipf):
    assert answer(word, lang) == Reading("ok", value=zipf)
    assert wordfreq.zipf_frequency(word, lang) == zipf


def test_traditional_characters_are_looked_up_in_simplified_ones():
    assert answer("蘋果", "zh") == Reading("ok", value=5.0, data={"words": ["苹果"]})


def test_case_does_not_matter():
    assert answer("MacBook", "en") == answer("macbook", "en")


@pytest.mark.parametrize(("lang", "floor"), [("ko", 3.01), ("en", 1.01), ("ja", 1.01), ("zh", 1.01)])
def test_an_unlisted_word_is_below_the_floor_of_its_list(lang, floor):
    assert answer("xqzjvkpwy", lang) == Reading("below", upper=floor)


@pytest.mark.parametrize("lang", ["ko", "en", "ja", "zh"])
def test_the_floor_is_the_least_that_the_list_has(lang):
    rarest = next(bucket for bucket in reversed(wordfreq.get_frequency_list(lang)) if bucket)
    answer("字", lang)
    word = next(word for word in rarest if word.isalpha() and wordfreq.lossy_tokenize(word, lang) == [word])
    assert wordfreq.zipf_frequency(word, lang) == answer("xqzjvkpwy", lang).upper


def test_several_words_are_estimated_and_named():
    reading = answer("한국어 공부")
    assert reading.state == "ok"
    assert reading.value == wordfreq.zipf_frequency("한국어 공부", "ko")
    assert reading.data == {"words": ["한국어", "공부"]}


def test_one_unlisted_word_makes_the_whole_below():
    assert answer("the xqzjvkpwy", "en") == Reading("below", upper=1.01, data={"words": ["the", "xqzjvkpwy"]})


def test_words_that_chinese_runs_together_are_named():
    assert answer("苹果手机", "zh") == Reading("ok", value=3.86, data={"words": ["苹果", "手机"]})


def test_dropped_signs_are_told():
    assert answer("C++", "en").data == {"words": ["c"]}


def test_nothing_is_cut_off_at_a_control_character():
    assert answer("맥북\0사과") == answer("맥북 사과")


@pytest.mark.parametrize("keyword", ["", " ", "!!!", "\0", "\ud800", "\n\t"])
def test_no_word_at_all_is_missing(keyword):
    assert answer(keyword) == Reading("missing")


@pytest.mark.parametrize("lang", ["ko", "en", "ja", "zh"])
@given(keyword=st.text(st.characters(), max_size=300))
@example(keyword="😀")
@example(keyword="가" * 300)
@example(keyword="맥북" * 5000)
@example(keyword="EOS\tEOS\nEOS")
@example(keyword="９８７６５４３２１０" * 30)
@example(keyword="ﷺ" * 300)
@settings(deadline=None)
def test_any_keyword_has_a_reading_and_always_the_same(lang, keyword):
    reading = answer(keyword, lang)
    assert reading == answer(keyword, lang)
    if reading.state == "ok":
        assert 0 < reading.value <= 8
        assert reading.upper is None
    elif reading.state == "below":
        assert reading.value is None
        assert reading.upper in {1.01, 3.01}
    else:
        assert reading == Reading("missing")
