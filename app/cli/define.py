"""``define``: a source of one's own, without code; ``undefine`` forgets it."""

import asyncio
from typing import Annotated, Literal

import typer

from app.cli import output, words
from app.cli.attempts import tell
from app.db.migrate import require_current
from app.errors import BadValue
from app.services import accounts, keeping
from app.services.house import require
from app.sources import http, registry
from app.sources.http import Spec
from workers.engine import trial

Name = Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and _; it becomes http.NAME.")]


def define(
    name: Name,
    url: Annotated[str, typer.Option(help="The address, with {keyword} where the keyword goes.")],
    path: Annotated[str, typer.Option(help="JMESPath to the number in the JSON answer, as meta.total.")],
    title: Annotated[str, typer.Option(help="What its column is called; the name if not given.")] = "",
    header: Annotated[list[str] | None, typer.Option(help="'Name: value'; kept sealed.")] = None,
    body: Annotated[str, typer.Option(help="JSON body with {keyword}; makes it a POST.")] = "",
    rule: Annotated[list[str] | None, typer.Option(help="'429 = throttled', \"error.code == 'X' = rejected\".")] = None,
    absent: Annotated[Literal["failed", "missing"], typer.Option(help="What no number at the path means.")] = "failed",
    rate: Annotated[str, typer.Option(help="Calls per time, as 5/s, or none.")] = "1/s",
    quota: Annotated[int | None, typer.Option(help="Calls a day.")] = None,
    zone: Annotated[str, typer.Option(help="Whose midnight renews the quota.")] = "UTC",
    decimals: Annotated[int, typer.Option(help="Places after the point.")] = 0,
    control: Annotated[str, typer.Option(help="A keyword that it surely answers; probes ask for it.")] = "",
    test: Annotated[str, typer.Option(metavar="KEYWORD", help="Ask for this keyword at once.")] = "",
) -> None:
    """Define a source, or change one, and try it."""
    rules = tuple(http.rule(text) for text in rule or [])
    headers = dict(_header(text) for text in header or [])
    spec = Spec(
        name, title or name, url, path, "POST" if body else "GET", body, absent, rules, rate, quota, zone, decimals,
        control, tuple(headers),
    )  # fmt: skip
    with output.house() as house:
        require_current(house.db)
        source = keeping.put_source(house, spec, headers)
        output.note(words.SOURCE_KEPT, source=source)
        if test:
            require(house)
            told = asyncio.run(
                trial.attempt(house, registry.get(source), accounts.charged(source.replace(".", "/")), test)
            )
            raise typer.Exit(tell(source, told))


def undefine(source: Annotated[str, typer.Argument(metavar="SOURCE", help="As http.NAME.")]) -> None:
    """Forget a defined source. What it has read stays."""
    with output.house() as house:
        require_current(house.db)
        keeping.remove_source(house, source if source.startswith("http.") else f"http.{source}")
        output.note(words.SOURCE_GONE, source=source)


def _header(text: str) -> tuple[str, str]:
    name, sign, value = text.partition(":")
    if not sign:
        raise BadValue(name="--header", value=name, why=words.HEADER_FORM.say())
    return name.strip(), value.strip()
