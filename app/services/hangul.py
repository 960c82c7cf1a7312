"""Hangul and the Korean keyboard: jamo into syllables, and what was typed with the keyboard in the wrong language.

Jamo here are compatibility jamo (U+3131 to U+3163), what a keyboard gives: unlike conjoining ones, no normal form of
Unicode puts them together. The keyboard is the two-set one (dubeolsik, KS X 5002). Pure functions of any text.
"""

import re

#: The letters of a syllable by their place in it, in the order in which Unicode numbers syllables.
_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TAILS = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_FIRST = ord("가")

#: Letters that are typed as two.
_DOUBLE = {"ㅘ": "ㅗㅏ", "ㅙ": "ㅗㅐ", "ㅚ": "ㅗㅣ", "ㅝ": "ㅜㅓ", "ㅞ": "ㅜㅔ", "ㅟ": "ㅜㅣ", "ㅢ": "ㅡㅣ"}
_DOUBLE |= {
    "ㄳ": "ㄱㅅ",
    "ㄵ": "ㄴㅈ",
    "ㄶ": "ㄴㅎ",
    "ㄺ": "ㄹㄱ",
    "ㄻ": "ㄹㅁ",
    "ㄼ": "ㄹㅂ",
    "ㄽ": "ㄹㅅ",
    "ㄾ": "ㄹㅌ",
}
_DOUBLE |= {"ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ"}
_JOINED = {pair: letter for letter, pair in _DOUBLE.items()} | {letter: letter for letter in _LEADS + _VOWELS + _TAILS}

_KEYS = dict(zip("rsefaqtdwczxvgkoijpuhynbml", "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎㅏㅐㅑㅓㅔㅕㅗㅛㅜㅠㅡㅣ", strict=True))
_SHIFTED = dict(zip("REQTWOP", "ㄲㄸㅃㅆㅉㅒㅖ", strict=True))
_TO_HANGUL = str.maketrans({key.upper(): letter for key, letter in _KEYS.items()} | _KEYS | _SHIFTED)
_TO_LATIN = {letter: key for key, letter in (_KEYS | _SHIFTED).items()}

_VV = "ㅗ[ㅏㅐㅣ]|ㅜ[ㅓㅔㅣ]|ㅡㅣ"
_T = f"(?:ㄱㅅ|ㄴ[ㅈㅎ]|ㄹ[ㄱㅁㅂㅅㅌㅍㅎ]|ㅂㅅ|[{_TAILS}])"
#: A syllable as a keyboard puts it together (a consonant before a vowel begins the next one), or a vowel typed as two.
_TYPED = re.compile(f"([{_LEADS}])({_VV}|[ㅏ-ㅣ])({_T}(?![ㅏ-ㅣ]))?|{_VV}")
_SYLLABLE = re.compile("[가-힣]")
_ONLY_SYLLABLES = re.compile("[가-힣]+")

#: The 2,350 syllables of KS X 1001, which ordinary Korean is written with; the other 8,822 are rare or typing errors.
COMMON = frozenset(bytes((row, cell)).decode("euc_kr") for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF))


def compose(text: str) -> str:
    """``text`` with its jamo put together as a keyboard would: "ㄱㅏ방" is "가방". Jamo that do not fit stay; syllables
    that are there are not touched."""
    return _TYPED.sub(_syllable, text)


def _syllable(typed: re.Match[str]) -> str:
    if not typed[1]:
        return _JOINED[typed[0]]
    lead, vowel, tail = _LEADS.index(typed[1]), _VOWELS.index(_JOINED[typed[2]]), typed[3]
    return chr(_FIRST + (lead * len(_VOWELS) + vowel) * 28 + (_TAILS.index(_JOINED[tail]) + 1 if tail else 0))


def decompose(text: str) -> str:
    """``text`` as the jamo that are typed for it, double letters as two: "맥북" is "ㅁㅐㄱㅂㅜㄱ"."""
    jamo = _SYLLABLE.sub(_letters, text)
    return "".join(_DOUBLE.get(letter, letter) for letter in jamo)


def _letters(syllable: re.Match[str]) -> str:
    rest, tail = divmod(ord(syllable[0]) - _FIRST, 28)
    lead, vowel = divmod(rest, len(_VOWELS))
    return _LEADS[lead] + _VOWELS[vowel] + (_TAILS[tail - 1] if tail else "")


def from_latin(typed: str) -> str:
    """What the keys of the Latin text ``typed`` give on a Korean keyboard: "dkssud" is "안녕"."""
    return compose(typed.translate(_TO_HANGUL))


def to_latin(typed: str) -> str:
    """What the keys of the Korean text ``typed`` give on a Latin keyboard: "ㅑㅔㅙㅜㄷ" is "iphone". The shift key is
    read only where it makes another jamo."""
    return "".join(_TO_LATIN.get(letter, letter) for letter in decompose(typed))


def complete(text: str) -> bool:
    """Whether ``text`` is nothing but syllables, and has one."""
    return _ONLY_SYLLABLES.fullmatch(text) is not None


def common(text: str) -> bool:
    """Whether ``text`` is nothing but syllables of ordinary Korean."""
    return all(letter in COMMON for letter in text)
