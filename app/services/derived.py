"""The columns of a batch that are worked out of others: which it has, and what they say in a row. Nothing of them is
stored but their formulas."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache, partial

import orjson

from app import events
from app.errors import BadValue, NoSuchBatch
from app.repositories import batches
from app.services import activity, bands, formulas
from app.services.bands import Bands
from app.services.callers import OPERATOR, Caller
from app.services.formulas import Derived, Formula
from app.services.house import House
from app.sources import registry

#: Columns that one batch may have.
MOST = 20
MAX_TITLE = 80


@dataclass(frozen=True, slots=True)
class Spec:
    """A derived column as a person gives it; without a title it is called by its formula. ``bands`` are limits, as
    ``0.5,1,3``, or "" for none."""

    formula: str
    title: str = ""
    bands: str = ""
    decimals: int = 2


def change(house: House, batch_id: int, specs: Sequence[Spec], *, who: Caller = OPERATOR) -> None:
    """Let the batch have these derived columns and no others. Raises NoSuchBatch, BadValue."""
    with house.db.work() as work:
        row = batches.one(work.connection, batch_id, lock=True)
        if row is None:
            raise NoSuchBatch(batch=batch_id)
        sources = [source.source for source in batches.sources_of(work.connection, [batch_id])]
        batches.change(work.connection, batch_id, derived=stored(specs, sources))
        activity.by(work.connection, who, batch_id, "columns", {"count": len(specs)}, workspace=row.workspace_id)
        work.after_commit(partial(events.nudge, house.redis, batch_id))


def stored(specs: Sequence[Spec], sources: Sequence[str]) -> str:
    """The columns as they are stored, once they make sense for a batch of these sources. Raises BadValue."""
    if len(specs) > MOST:
        raise BadValue(name="derived", value=len(specs), why=f"Give at most {MOST} columns.")
    text = orjson.dumps([asdict(spec) for spec in specs]).decode()
    columns(text, tuple(sources))
    return text


@lru_cache(256)
def columns(text: str, sources: tuple[str, ...]) -> tuple[Derived, ...]:
    """The derived columns stored as ``text`` in a batch of ``sources``. Raises BadValue for what makes no sense."""
    known = names(sources)
    return tuple(_column(n, Spec(**one), known) for n, one in enumerate(orjson.loads(text), start=1))


def _column(number: int, spec: Spec, known: tuple[str, ...]) -> Derived:
    if len(spec.title) > MAX_TITLE or not 0 <= spec.decimals <= 6:
        raise BadValue(
            name="derived", value=spec.title, why=f"Titles have up to {MAX_TITLE} characters, 0 to 6 places."
        )
    made = Formula.parse(spec.formula, known)
    limits = Bands.parse(spec.bands) if spec.bands else None
    ratio = _ratio_of(made, known)
    if ratio is not None and not spec.title:
        return Derived(ratio.key, ratio.ko, ratio.en, made, spec.decimals, limits)
    title = " ".join(spec.title.split()) or spec.formula
    return Derived(f"derived.{number}", title, title, made, spec.decimals, limits)


def _ratio_of(made: Formula, known: tuple[str, ...]) -> Derived | None:
    """The competition ratio, if that is what the formula is: it has a name of its own."""
    documents, volume = quotient(made) or ("", "")
    if counts(documents) == "documents" and counts(volume) == "searches":
        return formulas.competition(documents, volume)
    return None


def quotient(made: Formula) -> tuple[str, str] | None:
    """The two columns of a formula that divides one by another and does nothing else."""
    plain = len(made.names) == 2 and made.text.replace(" ", "") == "/".join(made.names)
    return (made.names[0], made.names[1]) if plain else None


def names(sources: Sequence[str]) -> tuple[str, ...]:
    """What a formula over these sources may name: the sources and their further columns."""
    further = [
        f"{name}.{column.key}"
        for name in sources
        if name in registry.sources()
        for column in registry.get(name).about.columns
    ]
    return (*sources, *further)


def suggested(sources: Sequence[str], documents: str = "") -> list[Spec]:
    """The competition ratio that a batch of these sources is given by itself: of the channel ``documents``, or of the
    first that counts documents. Raises BadValue for one that does not, or is not among them."""
    counting = [name for name in sources if counts(name) == "documents"]
    searches = [name for name in sources if counts(name) == "searches"]
    if documents and documents not in counting:
        raise BadValue(name="documents", value=documents, why=f"Choose one of {', '.join(counting) or 'none'}.")
    if not counting or not searches:
        return []
    return [Spec(f"{documents or counting[0]} / {searches[0]}", bands=str(bands.COMPETITION))]


def counts(name: str) -> str:
    """What a source is a count of, as `app.sources.base.Channel.counts` has it."""
    return registry.get(name).about.counts if name in registry.sources() else ""
