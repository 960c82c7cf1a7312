"""The failures of a batch as its tab shows them. Pure."""

from dataclasses import dataclass, field
from urllib.parse import quote

from app.errors import Language
from app.services.failures import Sampled
from app.services.holdings import SourceInfo
from app.web import addresses, cells, shown
from app.web.words import word

#: More failures than this, and a few can be tried first.
CANARY = 100


@dataclass
class Sample:
    """A keyword whose lookup failed, and the address of its row."""

    keyword: str
    address: str


@dataclass
class FailedKind:
    """Failed lookups of one source and error class. ``means`` says what happened, ``advice`` what helps; ``more`` how
    many there are beside the sample; ``canary`` is set where there are many."""

    key: str
    source: str
    error: str
    title: str
    count: str
    means: str
    advice: str
    detail: str
    address: str
    canary: str
    more: str
    sample: list[Sample] = field(default_factory=list)


@dataclass
class FailedShown:
    """All failures of a batch; ``canary`` says whether to try a few first, "" when there are too few for it."""

    total: str = ""
    canary: str = ""
    kinds: list[FailedKind] = field(default_factory=list)


def failed(batch: int, found: list[Sampled], infos: dict[str, SourceInfo], language: Language) -> FailedShown:
    """The failures by source and error class, the most frequent first."""
    total = sum(one.kind.count for one in found)
    if not total:
        return FailedShown()
    ordered = sorted(found, key=lambda one: -one.kind.count)
    return FailedShown(
        cells.number(total), _canary(total, language), [_kind(batch, one, infos, language) for one in ordered]
    )


def _kind(batch: int, one: Sampled, infos: dict[str, SourceInfo], language: Language) -> FailedKind:
    kind = one.kind
    info = infos.get(kind.source)
    rows = f"{addresses.batch(batch)}?filter={quote(kind.source)}:failed"
    more = kind.count - len(one.sample)
    return FailedKind(
        key=f"{kind.source} {kind.error}",
        source=kind.source,
        error=kind.error,
        title=shown.full_title(info, language) if info else kind.source,
        count=cells.number(kind.count),
        means=word(f"means_{kind.error}", language),
        advice=word(f"advice_{kind.error}", language),
        detail=" ".join(kind.detail.split()),
        address=rows,
        canary=_canary(kind.count, language),
        more=word("sample_more", language, count=more) if more else "",
        sample=[Sample(keyword, f"{rows}&row={position}") for position, keyword in one.sample],
    )


def _canary(count: int, language: Language) -> str:
    return word("retry_first", language, count=CANARY) if count > CANARY else ""
