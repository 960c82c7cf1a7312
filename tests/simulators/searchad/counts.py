"""What the simulator says of a keyword: invented, and always the same."""

import re
import unicodedata
from dataclasses import dataclass

from tests.simulators.served import lottery

#: Rows that one answer has at most.
MOST = 1_000
_WORDS = ("추천", "가격", "후기", "비교", "중고", "매장", "할인", "사용법", "2026", "A/S")
_GARBLED = re.compile(r"(%[0-9A-F]{2})+|[ㄱ-ㅎㅏ-ㅣ]+")


@dataclass(frozen=True, slots=True)
class Volume:
    """Searches on PC and mobile (None is "< 10") and competition. ``named``: whether an answer has a row of it when it
    was asked for."""

    pc: int | None
    mobile: int | None
    competition: str
    named: bool = True


def relkeyword(keyword: str) -> str:
    """``keyword`` as the keyword tool names it."""
    return unicodedata.normalize("NFC", re.sub(r"\s", "", keyword)).upper()


def expected_volume(keyword: str) -> Volume:
    """One keyword in ten is hardly known ("< 10" twice), one in ten "< 10" on PC only, one in a hundred not named."""
    name = relkeyword(keyword)
    lot = lottery("volume", name)
    if lot < 0.1 or _GARBLED.fullmatch(name):
        return Volume(None, None, "낮음")
    mobile = _scaled(lottery("mobile", name))
    pc = None if lot < 0.2 else _scaled(lottery("pc", name))
    competition = ("높음", "중간", "낮음")[int(lottery("competition", name) * 3)]
    return Volume(pc, mobile, competition, named=lot < 0.99)


def expected_related(keyword: str) -> list[str]:
    """The other keywords of an answer to this one alone, in their order; none for a keyword hardly known."""
    name = relkeyword(keyword)
    if expected_volume(name).mobile is None:
        return []
    count = 1 + int(MOST * lottery("related", name) ** 3)
    return [f"{name}{_WORDS[at % len(_WORDS)]}{at // len(_WORDS) or ''}" for at in range(min(count, MOST - 1))]


def _scaled(lot: float) -> int:
    """Ten to a million, in tens, from a hundred thousand on in hundreds."""
    count = int(10 ** (1 + 5 * lot))
    return count - count % (100 if count >= 100_000 else 10)
