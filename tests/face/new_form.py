"""The form for a new batch as a person uses it, without a browser."""

import asyncio
from pathlib import Path
from types import MethodType
from typing import Any

import reflex as rx

from app.errors import Language
from app.services import batches, results
from app.services.house import House
from app.web import backend, uploads
from app.web.given import Given
from app.web.pages.new import NewState
from app.web.state import Ui
from tests.face.signed_in import announce

SOURCE = {"source:wordfreq.ko": "on"}


class Locked:
    """A state as a handler in the background has it."""

    def __init__(self, state: Any) -> None:
        object.__setattr__(self, "state", state)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.state, name)
        if isinstance(found, MethodType) and found.__self__ is self.state:
            return MethodType(found.__func__, self)
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.state, name, value)

    async def __aenter__(self) -> "Locked":
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


class Tab:
    """A tab on the form."""

    def __init__(self, language: Language = "ko") -> None:
        self.root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
        announce(self.root)
        self._of(Ui).chosen = language
        self.new, self.given = self._of(NewState), self._of(Given)

    def _of(self, kind: type[rx.State]) -> Any:
        return self.root.get_substate(kind.get_full_name().split("."))

    def upload(self, name: str, *parts: bytes) -> None:
        """As the browser: the file is sent by itself, then named."""
        self.take(uploads.write(backend.house().settings.data_dir, b"".join(parts)).name, name)

    def take(self, kept_as: str, name: str, how: str = "") -> None:
        asyncio.run(Given.take.fn(Locked(self.given), {"kept": kept_as, "name": name, "how": how}))

    def choose(self, what: str, value: str) -> None:
        asyncio.run(Given.choose.fn(self.given, what, value))

    def press(self, keywords: str = "", intent: str = "submit", **form: str) -> list[Any]:
        async def events() -> list[Any]:
            whole = {"keywords": keywords, "intent": intent, **SOURCE, **form}
            return [event async for event in NewState.submit.fn(Locked(self.new), whole)]

        return asyncio.run(events())

    def speak(self, language: Language) -> None:
        self._of(Ui).chosen = language
        asyncio.run(NewState.refresh.fn(self.new))

    @property
    def picked(self) -> list[str]:
        return [column.title for column in self.given.table.columns if column.picked]


def kept(house: House) -> list[Path]:
    folder = house.settings.data_dir / "uploads"
    return sorted(folder.iterdir()) if folder.exists() else []


def keywords(house: House) -> list[str]:
    [made] = batches.listing(house)
    return [row.keyword for row in results.rows(house, made)]
