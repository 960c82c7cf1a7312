"""How a keyword is asked: what came is made plain in named steps, each of which a person may switch off or on.

Steps run in the order of `STEPS`. Invisible characters go first, so that letters they kept apart come together in the
normal form; width comes before it, because a half-width sound mark is a combining one afterwards. With the default
steps cleaning twice is cleaning once. Width is on by default: full-width letters come from input methods and are the
same search to every upstream. Case is off, because a keyword is shown and stored as it is asked.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from app.errors import BadValue

#: What no default step changes: letters, digits and syllables with single spaces between them. Most keywords are that,
#: and one look is four times as fast as the steps.
_PLAIN = re.compile("[0-9A-Za-z가-힣]+(?: [0-9A-Za-z가-힣]+)*")
_SPACES = re.compile(r"\s+")
#: Control characters but white space, and characters that show nothing: soft hyphen, zero-width ones, direction marks,
#: BOM.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
#: The block "Halfwidth and Fullwidth Forms": full-width ASCII and signs, half-width katakana and jamo.
_WIDTH = re.compile("[\uff01-\uffee]+")


@dataclass(frozen=True, slots=True)
class Step:
    """One change. ``ko`` and ``en`` say to a person what it does; ``default``: whether it is on unless switched."""

    key: str
    ko: str
    en: str
    default: bool
    run: Callable[[str], str]


def _without_invisible(text: str) -> str:
    return _INVISIBLE.sub("", text)


def _one_width(text: str) -> str:
    return _WIDTH.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)


def _one_space(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _one_case(text: str) -> str:
    """Folded, between the normal forms, because folding takes letters apart and a mark (U+0345) becomes a letter."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


STEPS: tuple[Step, ...] = (
    Step("invisible", "보이지 않는 문자 제거", "Take out invisible characters", True, _without_invisible),
    Step("width", "전각·반각 통일", "Full-width letters to ordinary ones", True, _one_width),
    Step("nfc", "자모 결합 (NFC)", "Put letters together (NFC)", True, partial(unicodedata.normalize, "NFC")),
    Step("spaces", "공백 정리", "Tidy white space", True, _one_space),
    Step("case", "소문자로 통일", "Lower case", False, _one_case),
)
DEFAULT: tuple[Step, ...] = tuple(step for step in STEPS if step.default)


def named(keys: Iterable[str]) -> tuple[Step, ...]:
    """The steps called ``keys``, in the order in which they run. Raises BadValue for an unknown one."""
    wanted = set(keys)
    if unknown := wanted - {step.key for step in STEPS}:
        why = f"Choose among {', '.join(step.key for step in STEPS)}."
        raise BadValue(name="normalise", value=min(unknown), why=why)
    return tuple(step for step in STEPS if step.key in wanted)


def is_plain(text: str) -> bool:
    """Whether the default steps certainly leave ``text`` as it is."""
    return _PLAIN.fullmatch(text) is not None


def clean(text: str, steps: Sequence[Step] = DEFAULT) -> str:
    """``text`` after ``steps``. Any text will do, halves of surrogate pairs too."""
    if steps is DEFAULT and is_plain(text):
        return text
    for step in steps:
        text = step.run(text)
    return text


def changes(text: str, steps: Sequence[Step] = DEFAULT) -> tuple[str, ...]:
    """The keys of those of ``steps`` that change ``text``, each seeing what the ones before it left."""
    changed = []
    for step in steps:
        after = step.run(text)
        if after != text:
            changed.append(step.key)
        text = after
    return tuple(changed)
