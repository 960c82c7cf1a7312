"""What every section of the settings does: read when its address is open, and say so when nothing can be read."""

from urllib.parse import parse_qs

import reflex as rx

from app.errors import KeybatchError, Language
from app.log import get
from app.web.state import Ui

log = get(__name__)
SECTIONS = ("me", "people", "tokens", "webhooks", "audit", "house")


def section_of(query: str) -> str:
    """The section that the address names, the first one where it names none that there is."""
    named = parse_qs(query).get("section", [""])[0]
    return named if named in SECTIONS else SECTIONS[0]


class Section(rx.State, mixin=True):
    """``phase``: loading, unread or shown. ``serial`` changes when the form is to be empty again."""

    phase: str = "loading"
    problem: str = ""
    refusal: str = ""
    serial: int = 0

    def _is_open(self, name: str) -> bool:
        return section_of(self.router.url.query) == name

    async def _language(self) -> Language:
        return await self.get_var_value(Ui.language)

    def _could_not(self, exc: KeybatchError, language: Language) -> None:
        log.warning("settings_unread", error=str(exc))
        self.problem = exc.sentence(language)
        if self.phase == "loading":
            self.phase = "unread"

    def _could(self) -> None:
        self.phase, self.problem = "shown", ""

    def _refuse(self, exc: KeybatchError, language: Language) -> None:
        self.refusal = exc.sentence(language)

    def _taken(self) -> None:
        self.refusal, self.serial = "", self.serial + 1
