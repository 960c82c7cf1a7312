"""``columns``: the columns of a batch that are worked out of others."""

from typing import Annotated

import typer

from app.cli import labels, output, words
from app.cli.given import AsJson, BatchId
from app.db.migrate import require_current
from app.errors import language_of
from app.services import batches, derived
from app.services.formulas import Derived
from app.services.house import House


def columns(
    batch_id: BatchId,
    ratio: Annotated[str, typer.Option(metavar="SOURCE", help="Competition: this documents channel ÷ searches.")] = "",
    formula: Annotated[
        list[str] | None, typer.Option(metavar="[TITLE:]FORMULA", help="As 'both: naver.blog + naver.cafe'.")
    ] = None,
    bands: Annotated[str, typer.Option(help="Limits of the competition's bands, as 0.5,1,3.")] = "",
    none: Annotated[bool, typer.Option("--none", help="Take all of them away.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the worked-out columns of a batch, or let it have those given and no others."""
    with output.house() as house:
        require_current(house.db)
        if ratio or formula or bands or none:
            derived.change(house, batch_id, _specs(house, batch_id, ratio, formula or [], bands, none=none))
        batch = batches.get(house, batch_id)
        found = derived.columns(batch.derived, tuple(source.name for source in batch.sources))
    if as_json:
        output.print_json([_plain(one) for one in found])
    elif found:
        output.print_table(labels.DERIVED_COLUMNS, [list(_plain(one).values()) for one in found])
    else:
        output.note(words.NO_COLUMNS, batch=batch_id)


def _specs(
    house: House, batch_id: int, ratio: str, formulas: list[str], bands: str, *, none: bool
) -> list[derived.Spec]:
    if none:
        return []
    names = [source.name for source in batches.get(house, batch_id).sources]
    ratios = derived.suggested(names, ratio) if ratio or bands or not formulas else []
    ratios = [derived.Spec(one.formula, one.title, bands or one.bands) for one in ratios]
    return ratios + [_spec(text) for text in formulas]


def _spec(text: str) -> derived.Spec:
    title, _, formula = text.rpartition(":")
    return derived.Spec(formula.strip(), title.strip())


def _plain(one: Derived) -> dict[str, str]:
    korean = language_of() == "ko"
    return {
        "column": one.key,
        "title": one.ko if korean else one.en,
        "formula": one.formula.text,
        "bands": str(one.bands) if one.bands else "",
    }
