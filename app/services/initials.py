"""Korean found by its initial consonants (초성): "ㅁㅂ" stands for "맥북". Pure."""

import unicodedata

from app.repositories.finding import Letter
from app.services import hangul

#: The first of all syllables, how many begin with the same consonant, and with how many consonants they may begin.
_FIRST, _EACH, _KINDS = ord("가"), 588, 19
#: Those consonants, each with the first syllable that begins with it.
_LEADS = {hangul.decompose(first)[0]: first for first in (chr(_FIRST + n * _EACH) for n in range(_KINDS))}


def letters(q: str) -> tuple[Letter, ...]:
    """What stands in a keyword, place after place with blanks left out, where ``q`` finds it: for a consonant that
    begins syllables, one of these or the consonant itself; for any other character that one, small or capital. Nothing
    where there is no such consonant in ``q``. Keyboards put two consonants together where they can ("ㄱㅅ" comes as
    "ㄳ"); they are taken for two."""
    plain = "".join(unicodedata.normalize("NFC", q).split())
    typed = "".join(hangul.decompose(letter) if "ㄱ" <= letter <= "ㅎ" else letter for letter in plain)
    return tuple(map(_place, typed)) if not _LEADS.keys().isdisjoint(typed) else ()


def _place(letter: str) -> Letter:
    if letter in _LEADS:
        first = _LEADS[letter]
        return (letter, letter), (first, chr(ord(first) + _EACH - 1))
    cases = dict.fromkeys(case for case in (letter, letter.lower(), letter.upper()) if len(case) == 1)
    return tuple((case, case) for case in cases)
