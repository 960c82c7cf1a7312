"""What the form for a new batch has done below: what can be picked, what a batch would be, and the batch itself, once
for each filled form. Everything here blocks; the page calls it in a thread."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app import clock
from app.errors import DatabaseDown
from app.services import accounts, answers, batches, catalogue
from app.services import preview as previews
from app.services.answers import AlreadySaid, Once
from app.services.callers import Caller
from app.services.holdings import SourceInfo
from app.services.house import House
from app.services.shapes import Preview, Submitted
from app.services.sheets import Line
from app.web import filled, uploads
from app.web.choices import Standing
from app.web.filled import Filled
from app.web.report import Report


@dataclass(frozen=True, slots=True)
class Seen:
    """A preview with its report."""

    found: Preview
    report: Report


@dataclass(frozen=True, slots=True)
class Wanted:
    """A batch as a form wants it. ``others``: the columns beside the keywords; ``mark`` stands for these and how they
    are read; ``once``: made but once, None without a key."""

    filled: Filled
    lines: Iterable[str | Line]
    others: Sequence[str]
    mark: str
    once: Once | None


def offered(at: House) -> tuple[list[SourceInfo], Standing]:
    """Every source, and how the accounts stand."""
    infos = catalogue.catalogue(at)
    try:
        return infos, Standing(accounts.listing(at), accounts.broken(at), clock.now_ms())
    except DatabaseDown:
        return infos, Standing()


def once(form: Mapping[str, Any], workspace: int, mark: str) -> Once | None:
    """The form's own key with all that it says; ``mark`` stands for its keywords."""
    key = str(form.get("key", ""))[:100]
    return Once(workspace, f"form {key}", filled.fingerprint(form, mark)) if key else None


def make(at: House, person: Caller, wanted: Wanted) -> tuple[int, Submitted | None]:
    """The batch, and what the submit did unless it was made before. Raises what `app.services.batches.submit` raises,
    and KeyReused."""
    said = answers.earlier(at, wanted.once) if wanted.once else None
    if said is None:
        try:
            done = _submit(at, person, wanted)
            return done.batch, done
        except AlreadySaid:
            assert wanted.once is not None  # it is raised for a key only
            said = answers.earlier(at, wanted.once)
    assert said is not None  # whoever took the key has committed, and his answer with it
    return int(orjson.loads(said)["id"]), None


def _submit(at: House, person: Caller, wanted: Wanted) -> Submitted:
    form = wanted.filled
    return batches.submit(
        at,
        wanted.lines,
        form.sources,
        columns=wanted.others,
        treatment=form.treatment,
        name=form.name,
        priority=form.priority,
        max_age_s=form.max_age_s,
        deadline_at=form.deadline_at,
        pay_with=form.pay_with,
        who=person,
        tags=form.tags,
        once=wanted.once,
    )


def look(at: House, lines: Iterable[str | Line], form: Mapping[str, Any]) -> Seen:
    """What the batch would be. Raises what `app.services.preview.preview` raises."""
    report = Report(uploads.fresh(at.settings.data_dir))
    try:
        found = previews.preview(
            at,
            lines,
            filled.picked(form),
            priority=str(form.get("priority", "default")),
            max_age_s=filled.max_age_s(form),
            pay_with=filled.pay_with(form),
            treatment=filled.treatment(form),
            tell=report.tell,
        )
        report.flush()
    except BaseException:
        uploads.discard(report.path)
        raise
    return Seen(found, report)


def drop(seen: Seen | None) -> None:
    """Delete the report of a preview that is of no use any more."""
    if seen is not None:
        uploads.discard(seen.report.path)
