"""The report of a preview: every line that is not simply taken, in a file of this machine (`app.web.uploads`), and the
first of each kind at hand."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from app.services import told
from app.services.intake import Told
from app.web import uploads

#: Lines of a report; the rest is counted.
MAX_TOLD = 100_000
#: Lines of each kind at hand.
_FIRST = 50


@dataclass(slots=True)
class Heard:
    """Lines that are not simply taken, by what becomes of them: how many, and the first of them."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[Told]] = field(default_factory=dict)


@dataclass(slots=True)
class Report:
    """Every line of a preview that is not simply taken, as a CSV; what is heard goes on beyond `MAX_TOLD`."""

    path: Path
    heard: Heard = field(default_factory=Heard)
    _parts: list[bytes] = field(default_factory=lambda: [told.head()])

    def tell(self, one: Told) -> None:
        """Hear of one line."""
        if self.heard.counts.total() < MAX_TOLD:
            self._parts.append(told.line(one))
        self.heard.counts[one.what] += 1
        first = self.heard.first.setdefault(one.what, [])
        if len(first) < _FIRST:
            first.append(one)
        if len(self._parts) >= 1_000:
            self.flush()

    def flush(self) -> None:
        """Put what was heard into the file."""
        uploads.append(self.path, b"".join(self._parts))
        self._parts.clear()

    def read(self) -> bytes:
        """All of it."""
        return self.path.read_bytes()
