"""What a person gives to a command: keywords from a file or a pipe, ages, moments."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

from app import clock
from app.cli import words
from app.errors import BadValue, UpstreamError

BatchId = Annotated[int, typer.Argument(metavar="ID", min=1, help="The id of the batch.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Sources = Annotated[list[str] | None, typer.Option(help="What to ask; may be given more than once.")]
Priority = Annotated[Literal["high", "default", "low"], typer.Option(help="Which goes first.")]
Accounts = Annotated[
    list[str] | None, typer.Option("--account", metavar="UPSTREAM/NAME", help="The account to ask an upstream with.")
]
MaxAge = Annotated[str, typer.Option(help="Use earlier readings up to this old: 7d, 12h, 0 = ask anew.")]

#: The latest deadline, from now on: ten years.
FARTHEST_MS = 315_360_000_000
_SPAN = re.compile(r"(\d{1,9})([smhd]?)", re.ASCII)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(age: str, option: str = "--max-age") -> int:
    """``7d``, ``12h``, ``30m``, ``90s`` or ``0`` in seconds. Raises BadValue."""
    span = _SPAN.fullmatch(age.strip().lower())
    if not span:
        raise BadValue(name=option, value=age, why=words.AGE.say())
    return int(span[1]) * _SECONDS[span[2]]


def moment(deadline: str, option: str = "--deadline") -> int | None:
    """``2026-11-22T09:00`` (in this machine's zone if it names none), or ``2h`` from now on, in UTC ms; None for "".
    Raises BadValue, also for one that has passed or is too far to be meant."""
    text = deadline.strip()
    if not text:
        return None
    span = _SPAN.fullmatch(text.lower())
    now = clock.now_ms()
    try:
        if span and span[2]:
            at = now + 1000 * int(span[1]) * _SECONDS[span[2]]
        else:
            at = round(datetime.fromisoformat(text.upper()).astimezone(UTC).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise BadValue(name=option, value=deadline, why=words.MOMENT.say()) from None
    if not now < at <= now + FARTHEST_MS:
        raise BadValue(name=option, value=deadline, why=words.NOT_TO_COME.say())
    return at


def accounts(chosen: list[str] | None) -> dict[str, str]:
    """Upstream → account, of ``naver/team``. Raises BadValue."""
    for one in chosen or []:
        if not all(one.partition("/")):
            raise BadValue(name="--account", value=one, why=words.ACCOUNT_FORM.say())
    return {one.partition("/")[0]: one for one in chosen or []}


def error_class(code: str) -> str:
    """The code of an error of an upstream, or "" for all. Raises BadValue."""
    known = sorted(kind.code for kind in UpstreamError.__subclasses__())
    if code and code not in known:
        raise BadValue(name="--error", value=code, why=words.ERROR_CLASSES.say(known=", ".join(known)))
    return code
