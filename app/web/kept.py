"""What the page of sources reads, keeps, tries and forgets. Everything here blocks; the page calls it in a thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.services import accounts, catalogue, keeping
from app.services.callers import Caller
from app.services.house import House
from app.sources import http, registry
from app.web import fields, specs, trials
from app.web.accounts import OWN, Found
from app.web.reads import queue_answers
from app.web.trials import Told


class Taken(Exception):
    """A new account or source is called as one that is there; it would silently replace it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Reading:
    """What there is; ``queue`` says whether Redis answered."""

    found: Found
    queue: bool


def read(at: House) -> Reading:
    """Everything the page shows. Raises DatabaseDown."""
    views = accounts.listing(at)
    specs_ = {f"{OWN}/{name}": found for name, found in _own().items()}
    found = Found(
        upstreams=registry.upstreams(),
        infos=catalogue.catalogue(None),
        accounts=views,
        broken=accounts.broken(at),
        addresses={key: upstream.spec.url for key, upstream in specs_.items()},
    )
    return Reading(found, queue_answers(at))


def _own() -> dict[str, http.Http]:
    """The defined sources by the name that they were given."""
    upstreams = ((one.channel, one.upstream) for one in registry.sources().values())
    return {name: upstream for name, upstream in upstreams if isinstance(upstream, http.Http)}


def spec(name: str) -> http.Spec | None:
    """The spec of the source that was defined as ``name``, or None."""
    found = _own().get(name)
    return found.spec if found else None


def keep_account(at: House, by: Caller, upstream: str, changes: str, filled: Mapping[str, Any]) -> str:
    """Keep what a form says of an account, a new one or the one called ``changes``: its key. Raises KeybatchError,
    Taken."""
    name = changes or str(filled.get("account", "")).strip()
    accounts.refresh(at)
    if (
        not changes
        and name != "default"
        and (accounts.named(f"{upstream}/{name}") or f"{upstream}/{name}" in accounts.broken(at))
    ):
        raise Taken(name)
    return keeping.put_account(at, upstream, name, fields.given(filled), by=by).key


def keep_source(at: House, by: Caller, changes: str, filled: Mapping[str, Any]) -> str:
    """Keep what a form defines, a new source or the one called ``changes``: its name. Raises KeybatchError, Taken."""
    made = specs.spec(filled, changes)
    accounts.refresh(at)
    if not changes and made.name in _own():
        raise Taken(made.name)
    return keeping.put_source(at, made, specs.headers(filled), by=by)


def attempt_source(at: House, _by: Caller, changes: str, filled: Mapping[str, Any]) -> Told:
    """Try what a form defines, with the headers of before where it leaves them empty, and keep nothing. Raises
    KeybatchError."""
    accounts.refresh(at)
    before = _own().get(changes)
    old = before.headers if before else {}
    headers = {name: value or old.get(name, "") for name, value in specs.headers(filled).items()}
    made = specs.spec(filled, changes)
    http.check(made, headers)
    return trials.of_spec(at, http.defined(made, headers), str(filled.get("trial", "")).strip())


def remove(at: House, by: Caller, key: str) -> None:
    """Forget an account, or the defined source that it belongs to. Raises KeybatchError."""
    upstream, _, name = key.partition("/")
    if upstream == OWN:
        keeping.remove_source(at, f"{OWN}.{name}", by=by)
    else:
        keeping.remove_account(at, key, by=by)
