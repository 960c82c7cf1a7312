"""The house's settings as they are in force, without what is secret in them; and which version it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from app.services.house import House
from app.settings import PREFIX, HouseSettings, Settings
from app.sources.base import Upstream


@dataclass(frozen=True, slots=True)
class InForce:
    """A setting. ``value`` is "" where nothing is set, or where it is ``secret``; ``set`` says whether it differs from
    the default."""

    name: str
    key: str
    value: str
    set: bool
    secret: bool
    description: str


def version() -> str:
    """The version of this house."""
    try:
        return installed("keybatch")
    except PackageNotFoundError:  # it runs from its folder
        return "0.1.0"


def settings(house: House) -> list[InForce]:
    """The house's own settings, in the order in which they are written down."""
    return [_said(house.settings, name) for name in Settings.model_fields]


def _said(of: HouseSettings, name: str) -> InForce:
    field, value = type(of).model_fields[name], getattr(of, name)
    prefix = type(of).model_config.get("env_prefix", PREFIX)
    secret = isinstance(value, SecretStr)
    return InForce(
        name=f"{prefix}{name}".upper(),
        key=name,
        value="" if secret else _plain(value),
        set=value != field.get_default(call_default_factory=True),
        secret=secret,
        description=field.description or "",
    )


def _plain(value: Any) -> str:
    """A value without the user, the password and the query of an address, for any of them may open something."""
    text = str(value)
    if "://" not in text:
        return text
    try:
        parts = urlsplit(text)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "…"
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"


def upstreams(of: Iterable[Upstream]) -> list[InForce]:
    """The settings of upstreams. Raises BadSetting."""
    found = [upstream.settings_class.read() for upstream in of]
    return [_said(settings, name) for settings in found for name in type(settings).model_fields]
