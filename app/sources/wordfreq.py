"""Word frequencies from the ``wordfreq`` lists: offline, without a key, for 42 languages.

A reading is a Zipf frequency, as the library gives it: the power of ten of occurrences in a billion words, to two
decimals. "the" has 7.73; 3 is once in a million words.

- A list ends at a floor: 600 steps of a hundredth (once in a million words, Zipf 3) for small lists, 800 (once in a
  hundred million, Zipf 1) for large ones. Of a word that is not in it the library says 0.0, which is a stand-in and no
  frequency. Such a word reads ``below``, with the Zipf value of the list's last step as the value it is under.
- Several words are estimated from each (1/f = 1/f1 + 1/f2 + …, in Chinese a tenth of it for each break that the
  library had to guess), numbers from the form of the number: such a value can lie under the floor and is read as
  given. With one word unlisted, the whole is under that word, so ``below``.
- The library drops signs and folds case: "C++" is asked as "c". Where the words it took are not the keyword itself,
  ``data["words"]`` names them. Control characters and halves of surrogate pairs are asked as blanks, because the
  Korean tokeniser would stop at them.
- Without any word ("!!!", a blank) the reading is ``missing``.

Each language loads when it is first asked: up to 0.6 seconds and 2 to 140 MB a process (Korean 8, English 37, Japanese
58, Chinese 92). Chinese is looked up in simplified characters; ``data["words"]`` shows them so.
"""

import importlib
import re
import warnings
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any, ClassVar

from app.sources.base import Channel, Reading, Upstream

#: A library's word for each language, as ``wordfreq.available_languages("best")`` has them (a test compares).
_LANGUAGES = {
    "ar": ("아랍어", "Arabic"),
    "bg": ("불가리아어", "Bulgarian"),
    "bn": ("벵골어", "Bengali"),
    "ca": ("카탈루냐어", "Catalan"),
    "cs": ("체코어", "Czech"),
    "da": ("덴마크어", "Danish"),
    "de": ("독일어", "German"),
    "el": ("그리스어", "Greek"),
    "en": ("영어", "English"),
    "es": ("스페인어", "Spanish"),
    "fa": ("페르시아어", "Persian"),
    "fi": ("핀란드어", "Finnish"),
    "fil": ("필리핀어", "Filipino"),
    "fr": ("프랑스어", "French"),
    "he": ("히브리어", "Hebrew"),
    "hi": ("힌디어", "Hindi"),
    "hu": ("헝가리어", "Hungarian"),
    "id": ("인도네시아어", "Indonesian"),
    "is": ("아이슬란드어", "Icelandic"),
    "it": ("이탈리아어", "Italian"),
    "ja": ("일본어", "Japanese"),
    "ko": ("한국어", "Korean"),
    "lt": ("리투아니아어", "Lithuanian"),
    "lv": ("라트비아어", "Latvian"),
    "mk": ("마케도니아어", "Macedonian"),
    "ms": ("말레이어", "Malay"),
    "nb": ("노르웨이어", "Norwegian"),
    "nl": ("네덜란드어", "Dutch"),
    "pl": ("폴란드어", "Polish"),
    "pt": ("포르투갈어", "Portuguese"),
    "ro": ("루마니아어", "Romanian"),
    "ru": ("러시아어", "Russian"),
    "sh": ("세르보크로아트어", "Serbo-Croatian"),
    "sk": ("슬로바키아어", "Slovak"),
    "sl": ("슬로베니아어", "Slovenian"),
    "sv": ("스웨덴어", "Swedish"),
    "ta": ("타밀어", "Tamil"),
    "tr": ("튀르키예어", "Turkish"),
    "uk": ("우크라이나어", "Ukrainian"),
    "ur": ("우르두어", "Urdu"),
    "vi": ("베트남어", "Vietnamese"),
    "zh": ("중국어", "Chinese"),
}
_UNASKABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
#: Words named in ``data`` at most; a long text is not repeated whole.
_WORDS_NAMED = 20


class Wordfreq(Upstream, name="wordfreq"):
    """Offline word frequencies, one channel a language."""

    ko = "단어 빈도"
    en = "Word frequency"
    channels: ClassVar[Mapping[str, Channel]] = {
        lang: Channel(
            f"{ko} 빈도 (Zipf)",
            f"{en} frequency (Zipf)",
            f"{ko} 말뭉치의 10억 단어당 출현 수의 상용로그 (0–8)",
            f"log10 of occurrences in a billion words of {en} text (0–8)",
            decimals=2,
        )
        for lang, (ko, en) in _LANGUAGES.items()
    }
    offline = True

    def answer(self, channel: str, keyword: str) -> Reading:
        """The Zipf frequency of ``keyword`` in the language ``channel``, for any text at all."""
        asked = _UNASKABLE.sub(" ", keyword)
        library = _with_chinese() if channel == "zh" else _library()
        words = library.lossy_tokenize(asked, channel)
        if not words:
            return Reading("missing")
        data = None if words == [keyword.casefold()] else {"words": words[:_WORDS_NAMED]}
        zipf = library.zipf_frequency(asked, channel)
        if zipf > 0:
            return Reading("ok", value=zipf, data=data)
        return Reading("below", upper=_floor(channel), data=data)


@cache
def _floor(lang: str) -> float:
    """The Zipf value of the last step of a language's list: every unlisted word is under it."""
    return round(9 - (len(_library().get_frequency_list(lang)) - 1) / 100, 2)


@cache
def _library() -> ModuleType:
    """The library, imported when the first word is asked: it costs 90 ms that most commands need not wait for."""
    import wordfreq  # noqa: PLC0415 -- see above

    return wordfreq


@cache
def _with_chinese() -> ModuleType:
    """The library with its splitter of Chinese, jieba, made ready here.

    Left to itself jieba tells standard error that it loads, and trusts and leaves a copy of its dictionary under a
    known name in the folder for temporary files, which is everybody's; reading the dictionary is no slower. Its source
    makes newer Pythons warn while they compile it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        chinese: Any = importlib.import_module("wordfreq.chinese")
    splitter = chinese.jieba.Tokenizer(chinese.DICT_FILENAME)
    splitter.FREQ, splitter.total = splitter.gen_pfdict(splitter.get_dict_file())
    splitter.initialized = True
    chinese.jieba_tokenizer = splitter
    return _library()
