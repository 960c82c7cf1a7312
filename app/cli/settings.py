"""``settings``: every setting there is, as a table or as the lines of a ``.env`` file."""

import sys
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import typer
from pydantic import SecretStr

from app.settings import HouseSettings, Settings, UpstreamSettings
from app.sources import registry
from app.sources.base import Upstream

_LIMITS = ("rate", "daily_quota", "monthly_quota", "zone", "concurrency")


def settings(
    form: Annotated[Literal["markdown", "env"], typer.Option("--format", help="A table, or lines for .env.")] = "env",
) -> None:
    """Print every setting with its default and what it is."""
    sys.stdout.write(env() if form == "env" else markdown())


def env() -> str:
    """An example ``.env``: every line is a comment until its # is taken away."""
    parts = [
        "# Copy to .env and take the # away from what you need. Every setting, with more words: docs/settings.md\n"
    ]
    for title, of, upstream in _groups():
        if upstream is None or not upstream.offline:
            parts += [f"\n# {title}\n", *(f"#{name}={default}\n" for name, default, _ in _lines(of, upstream))]
    return "".join(parts)


def markdown() -> str:
    """A table for the house and one for each upstream."""
    parts = []
    for title, of, upstream in _groups():
        lines = [
            f"| `{name}` | {f'`{value}`' if value else ''} | {what} |\n" for name, value, what in _lines(of, upstream)
        ]
        offline = "\nAnswers on this machine without a call: these exist and change nothing.\n"
        note = offline if upstream is not None and upstream.offline else ""
        parts.append(f"## {title}\n{note}\n| name | default | what it is |\n|---|---|---|\n{''.join(lines)}")
    return "\n".join(parts)


def _groups() -> Iterator[tuple[str, type[HouseSettings], Upstream | None]]:
    yield "The house", Settings, None
    for upstream in registry.upstreams().values():
        yield upstream.en, upstream.settings_class, upstream


def _lines(of: type[HouseSettings], upstream: Upstream | None) -> list[tuple[str, str, str]]:
    """(variable, default, description), an upstream's own settings first."""
    common = UpstreamSettings.model_fields if upstream else {}
    names = [*(one for one in of.model_fields if one not in common), *common]
    prefix = of.model_config.get("env_prefix", "")
    return [
        (f"{prefix}{name}".upper(), _default(of, upstream, name), of.model_fields[name].description or "")
        for name in names
    ]


def _default(of: type[HouseSettings], upstream: Upstream | None, name: str) -> str:
    if upstream is not None and not upstream.offline and name in _LIMITS:
        budget = upstream.budget
        own = {"rate": budget.rate, "daily_quota": budget.quota, "monthly_quota": budget.monthly, "zone": budget.zone}
        return _text({**own, "concurrency": budget.concurrency}[name])
    return _text(of.model_fields[name].default)


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, SecretStr) else str(value)
