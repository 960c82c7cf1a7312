"""Keywords that may not be what was meant, each with a fix to offer. Nothing is changed here: a person decides.

Three kinds: ``lone_jamo``, letters that did not become a syllable ("ㄱㅏ방"); ``latin_typed``, Korean typed with the
keyboard set to Latin ("dkssud" for 안녕); ``hangul_typed``, the reverse ("ㅑㅔㅙㅜㄷ" for iphone). What is plausible
in a language is what the word lists of the offline source ``wordfreq`` know; they load (up to 0.6 s) with the first
keyword that needs them, which plain ones never do. Beside them `SpacingGroups`: keywords that differ in spaces only.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from app.services import hangul
from app.sources.wordfreq import Wordfreq

Kind = Literal["lone_jamo", "latin_typed", "hangul_typed"]

#: Zipf values (the power of ten of uses in a billion words) from which a word is plausible, and by how much what is
#: offered has to be more usual than what was typed. With these, of the 20,000 most usual English words none is taken
#: for Korean.
PLAUSIBLE = 3.0
MARGIN = 1.0
#: Any syllables can be read as a row of one-syllable words; those of a meant one make up longer words on average.
SYLLABLES_A_PIECE = 1.5
#: Letters of a Latin word at least, one more if the keys give consonants only: shorter ones are codes and what people
#: do write in consonants ("ㅎㄷㄷ").
SHORTEST = 3
#: Two syllables take four keys at least; one syllable says too little.
_SYLLABLES = 2

_RARE = "".join(chr(code) for code in range(ord("가"), ord("힣") + 1) if chr(code) not in hangul.COMMON)
_JAMO = re.compile("[ㄱ-ㅣᄀ-ᇿ]")
#: What is worth a look; all else is no doubt, after one pass in C.
_ODD = re.compile(f"[A-Za-z]{{4}}|[ㄱ-ㅣᄀ-ᇿ{_RARE}]")
_LATIN = re.compile("(?<![A-Za-z0-9])[A-Za-z]{4,40}(?![A-Za-z0-9])")
_CONSONANTS = re.compile("[ㄱ-ㅎ]+")
_KOREAN = re.compile("[ㄱ-ㅣ가-힣]{2,40}")
_WORDFREQ = Wordfreq()


class Doubt(NamedTuple):
    """A keyword in doubt: ``typed`` as it is, ``offered`` as it may have been meant, None where nothing is offered."""

    position: int
    kind: Kind
    typed: str
    offered: str | None


def doubt(position: int, typed: str) -> Doubt | None:
    """What is doubtful about the keyword ``typed``, or None. Any text will do."""
    if not _ODD.search(typed):
        return None
    offered = _KOREAN.sub(_meant_latin, typed)
    if offered != typed:
        return Doubt(position, "hangul_typed", typed, offered)
    if _JAMO.search(typed):
        composed = hangul.compose(typed)
        return Doubt(position, "lone_jamo", typed, None if _JAMO.search(composed) else composed)
    offered = _LATIN.sub(_meant_korean, typed)
    return Doubt(position, "latin_typed", typed, offered) if offered != typed else None


def doubts(keywords: Iterable[tuple[int, str]]) -> Iterator[Doubt]:
    """The doubts among (position, keyword), in their order."""
    for position, typed in keywords:
        found = doubt(position, typed)
        if found is not None:
            yield found


def _meant_latin(word: re.Match[str]) -> str:
    """The Latin word that the Korean ``word`` is on the other keyboard, if that makes more sense."""
    typed = word[0]
    if hangul.common(typed) or hangul.common(hangul.compose(typed)):
        return typed
    latin = hangul.to_latin(typed)
    if len(latin) < (SHORTEST + 1 if _CONSONANTS.fullmatch(typed) else SHORTEST) or not latin.isascii():
        return typed
    return latin if _looked_up("en", latin.lower())[0] >= PLAUSIBLE else typed


def _meant_korean(word: re.Match[str]) -> str:
    """The Korean word that the Latin ``word`` is on the other keyboard, if that makes more sense."""
    typed = word[0]
    korean = hangul.from_latin(typed)
    if typed.isupper() or len(korean) < _SYLLABLES or not hangul.common(korean):
        return typed
    found, pieces = _looked_up("ko", korean)
    if found < PLAUSIBLE or len(korean) < SYLLABLES_A_PIECE * pieces:
        return typed
    return korean if found >= _looked_up("en", typed.lower())[0] + MARGIN else typed


@lru_cache(maxsize=50_000)
def _looked_up(language: str, word: str) -> tuple[float, int]:
    """How usual ``word`` is, 0 for one that the list does not know, and of how many words it was put together."""
    reading = _WORDFREQ.answer(language, word)
    return reading.value or 0.0, len(reading.data["words"]) if reading.data else 1


class SpacingGroups:
    """Finds keywords that are the same but for spaces ("맥북 에어", "맥북에어"), one by one as they come.

    What is kept of a keyword is 64 bits of its text without spaces and its position, about 100 bytes; two different
    texts among a million share those bits with a probability of 3 in 100 million. Whether to merge is left to a person.
    """

    def __init__(self) -> None:
        self._first: dict[int, int] = {}
        self._groups: dict[int, list[int]] = {}

    def __len__(self) -> int:
        """How many groups there are."""
        return len(self._groups)

    def add(self, position: int, asked: str) -> None:
        """Takes the keyword ``asked``, which must not have come before, at ``position``."""
        key = hash(asked.replace(" ", ""))
        first = self._first.setdefault(key, position)
        if first != position:
            self._groups.setdefault(first, [first]).append(position)

    def groups(self, limit: int) -> list[tuple[int, ...]]:
        """The positions of the members of each group, in the order in which groups were found, at most ``limit``
        groups."""
        return [tuple(members) for members, _ in zip(self._groups.values(), range(limit), strict=False)]
