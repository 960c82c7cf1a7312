"""The form for a source that a person defines: what was filled in as a `Spec`, and a `Spec` as the form shows it. Pure.
Values of headers pass through `headers` on their way to the service and are part of nothing else here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.errors import BadValue
from app.sources.http import Spec, rule


@dataclass
class SpecForm:
    """A spec as its form shows it; of the headers only their names. ``serial`` tells one opening from the next,
    ``changes`` is the name of the source that is changed, "" for a new one."""

    serial: int = 0
    changes: str = ""
    title: str = ""
    url: str = ""
    method: str = "GET"
    body: str = ""
    headers: str = ""
    path: str = ""
    rules: str = ""
    absent: str = "failed"
    rate: str = "1/s"
    daily_quota: str = ""
    zone: str = "Asia/Seoul"
    decimals: str = "0"
    control: str = ""


def shown(spec: Spec, serial: int) -> SpecForm:
    """The form of a source that is changed."""
    return SpecForm(
        serial=serial,
        changes=spec.name,
        title=spec.title,
        url=spec.url,
        method=spec.method,
        body=spec.body,
        headers="\n".join(f"{name}: " for name in spec.header_names),
        path=spec.path,
        rules="\n".join(f"{when} = {means}" for when, means in spec.rules),
        absent=spec.absent,
        rate=spec.rate,
        daily_quota="" if spec.daily_quota is None else str(spec.daily_quota),
        zone=spec.zone,
        decimals=str(spec.decimals),
        control=spec.control,
    )


def spec(filled: Mapping[str, Any], changes: str) -> Spec:
    """What a submitted form defines; ``changes`` is the name of the source that is changed, "" for a new one. Raises
    BadValue for what is no number or no rule."""
    name = changes or _text(filled, "name")
    method: Literal["GET", "POST"] = "POST" if _text(filled, "method") == "POST" else "GET"
    return Spec(
        name=name,
        title=_text(filled, "title") or name,
        url=_text(filled, "url"),
        path=_text(filled, "path"),
        method=method,
        body=_text(filled, "body") if method == "POST" else "",
        absent="missing" if _text(filled, "absent") == "missing" else "failed",
        rules=tuple(rule(line) for line in _lines(filled, "rules")),
        rate=_text(filled, "rate") or "1/s",
        daily_quota=_whole(filled, "daily_quota"),
        zone=_text(filled, "zone") or "UTC",
        decimals=_whole(filled, "decimals") or 0,
        control=_text(filled, "control"),
        header_names=tuple(headers(filled)),
    )


def headers(filled: Mapping[str, Any]) -> dict[str, str]:
    """The headers in a submitted form, ``Name: value`` a line; "" where the value stays as it was. Raises BadValue,
    which repeats nothing of the line: it may be a secret."""
    found = {}
    for number, line in enumerate(_lines(filled, "headers"), 1):
        name, sign, value = line.partition(":")
        if not sign:
            raise BadValue(name="headers", value=f"#{number}", why=f"Line {number} is not written as Name: value.")
        found[name.strip()] = value.strip()
    return found


def _text(filled: Mapping[str, Any], name: str) -> str:
    return str(filled.get(name, "")).strip()


def _lines(filled: Mapping[str, Any], name: str) -> list[str]:
    return [line.strip() for line in _text(filled, name).splitlines() if line.strip()]


def _whole(filled: Mapping[str, Any], name: str) -> int | None:
    text = _text(filled, name).replace(",", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadValue(name=name, value=text, why="Give a whole number.")
    return int(text)
