"""From lines to keywords: made plain, merged, fixed where wanted, with the reason for every one that is not taken."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from app.errors import BadValue, TooLarge
from app.repositories.items import keyword_id
from app.services import doubts, normal
from app.services.doubts import Doubt, SpacingGroups
from app.services.shapes import Rejection
from app.services.sheets import Line

#: Characters a keyword may have; more is a paragraph, and no upstream takes it.
MAX_LENGTH = 300
MAX_ITEMS = 1_000_000
#: Rejections and doubts told one by one; the rest is counted.
MAX_REJECTIONS = 100

#: What no database takes as text.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
#: Why a line may not be taken.
REASONS = ("too_long", "empty_after_cleaning", "no_keyword", "not_text", "nul", "extra_cells", "not_json")
KINDS = ("lone_jamo", "latin_typed", "hangul_typed")


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done to keywords. ``steps`` make them plain (`app.services.normal`); ``fix``: the kinds of doubt whose
    offered fix is taken; ``spacing``: keywords that differ in spaces only are kept apart or merged into the first."""

    steps: tuple[normal.Step, ...] = normal.DEFAULT
    fix: frozenset[str] = frozenset()
    spacing: Literal["keep", "merge"] = "keep"

    @classmethod
    def of(
        cls, steps: Iterable[str] | None = None, fix: Iterable[str] = (), *, merge_spacing: bool = False
    ) -> "Treatment":
        """From names. Raises BadValue."""
        kinds = frozenset(fix)
        if not kinds <= set(KINDS):
            raise BadValue(name="fix", value=min(kinds - set(KINDS)), why=f"Choose among {', '.join(KINDS)}.")
        chosen = normal.DEFAULT if steps is None else normal.named(steps)
        return cls(chosen, kinds, "merge" if merge_spacing else "keep")


PLAIN = Treatment()


class Taken(NamedTuple):
    """A keyword that was taken: ``typed`` as it came, ``asked`` as it is asked; ``line`` counts from 1; ``others``:
    what stood beside it, by the names of the columns."""

    position: int
    keyword_id: int
    typed: str
    asked: str
    line: int
    others: tuple[str, ...] | None = None


class Told(NamedTuple):
    """What became of a line that was not simply taken: ``what`` is rejected, changed, fixed or merged; ``why``: the
    reason of a rejection, the steps that changed it, the kind of doubt, or the line it was merged into."""

    line: int
    typed: str
    what: str
    why: str
    asked: str = ""


@dataclass(slots=True)
class Intake:
    """Takes lines one by one and keeps the tally; memory grows by about 100 bytes a keyword (200 with ``curious``,
    which also looks for doubts). ``columns`` are those kept of what stands beside a keyword; ``tell`` hears of every
    line that was not simply taken."""

    treatment: Treatment = PLAIN
    columns: Sequence[str] = ()
    curious: bool = False
    tell: Callable[[Told], None] | None = None
    merged: int = 0
    rejected: int = 0
    repaired: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    #: Steps by how many keywords they changed, doubts by kind, and the first of these.
    changed: Counter[str] = field(default_factory=Counter)
    doubted: Counter[str] = field(default_factory=Counter)
    doubtful: list[Doubt] = field(default_factory=list)
    spacings: SpacingGroups = field(default_factory=SpacingGroups)
    #: Position → further lines that were the same keyword.
    again: dict[int, int] = field(default_factory=dict)
    _seen: dict[int, int] = field(default_factory=dict)

    def take(self, lines: Iterable[str | Line]) -> Iterator[Taken]:
        """Each new keyword. Blank lines are nothing; duplicates are counted in ``again``. Raises TooLarge beyond
        `MAX_ITEMS`."""
        # What holds for every line is looked up once: at a million of them it shows.
        count, fast, seen = 0, self.treatment.steps is normal.DEFAULT, self._seen
        doubting, merging = self.curious or bool(self.treatment.fix), self.treatment.spacing == "merge"
        for number, given in enumerate(lines, start=1):
            line = Line(number, given) if isinstance(given, str) else given
            plain = fast and len(line.text) <= MAX_LENGTH and not line.trouble and normal.is_plain(line.text)
            typed = line.text if plain else _UNSTORABLE.sub("", line.text.strip("\r\n"))
            asked = typed if plain else normal.clean(typed, self.treatment.steps)
            if not plain and self._refuse(line, typed, asked):
                continue
            if doubting:
                asked = self._doubt(line.number, count, typed, asked)
            key = keyword_id(asked)
            first = seen.setdefault(keyword_id(asked.replace(" ", "")) if merging else key, count)
            if first != count:
                self._merge(line.number, typed, first)
                continue
            if count >= MAX_ITEMS:
                raise TooLarge(limit=MAX_ITEMS, unit="keywords")
            if asked is not typed:
                self._repair(line.number, typed, asked)
            if self.curious:
                self.spacings.add(count, asked)
            others = tuple(line.others.get(name, "") for name in self.columns) if line.others else None
            yield Taken(count, key, typed, asked, line.number, others)
            count += 1

    def _refuse(self, line: Line, typed: str, asked: str) -> bool:
        """Whether the line is no keyword; blank ones are passed over without a word."""
        if not asked and not typed.strip() and not line.trouble and not any(map(str.strip, line.others.values())):
            return True
        reason = line.trouble or ("empty_after_cleaning" if typed.strip() else "no_keyword") * (not asked)
        reason = reason or ("too_long" if len(asked) > MAX_LENGTH else "")
        if not reason:
            return False
        self.rejected += 1
        if len(self.rejections) < MAX_REJECTIONS:
            self.rejections.append(Rejection(line.number, asked[:60], reason))
        self._say(line.number, typed[:MAX_LENGTH], "rejected", reason)
        return True

    def _doubt(self, number: int, position: int, typed: str, asked: str) -> str:
        """Look whether the keyword is what was meant; the fix, where it is wanted."""
        fix = self.treatment.fix
        found = doubts.doubt(position, asked)
        if found is None:
            return asked
        self.doubted[found.kind] += 1
        if found.kind in fix and found.offered:
            self._say(number, typed, "fixed", found.kind, found.offered)
            return normal.clean(found.offered, self.treatment.steps)
        if len(self.doubtful) < MAX_REJECTIONS:
            self.doubtful.append(found._replace(position=number))
        return asked

    def _merge(self, number: int, typed: str, first: int) -> None:
        self.merged += 1
        self.again[first] = self.again.get(first, 0) + 1
        self._say(number, typed, "merged", str(first + 1))

    def _repair(self, number: int, typed: str, asked: str) -> None:
        if asked == typed.strip():
            return
        self.repaired += 1
        steps = normal.changes(typed, self.treatment.steps)
        self.changed.update(steps)
        if steps:
            self._say(number, typed, "changed", " ".join(steps), asked)

    def _say(self, number: int, typed: str, what: str, why: str, asked: str = "") -> None:
        if self.tell is not None:
            self.tell(Told(number, typed, what, why, asked))
