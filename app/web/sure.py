"""A deed that is asked about once more before it is done."""

from dataclasses import dataclass

import reflex as rx
from reflex.event import EventSpec

#: The dialog's id.
DIALOG = "sure"


@dataclass
class Question:
    """What is asked. ``harmful`` picks the button's colour."""

    title: str = ""
    body: str = ""
    confirm: str = ""
    harmful: bool = False


class Sure(rx.State, mixin=True):
    """The question that is open. Who has it says in ``_agreed`` what is done."""

    question: Question = Question()
    _about: tuple[str, str] = ("", "")

    @rx.event
    async def agree(self):
        """Do what was asked about, once."""
        (deed, what), self._about = self._about, ("", "")
        return await self._agreed(deed, what) if deed else None

    async def _agreed(self, deed: str, what: str) -> EventSpec | list[EventSpec] | None:
        raise NotImplementedError

    def _ask(self, question: Question, deed: str, what: str) -> EventSpec:
        self.question, self._about = question, (deed, what)
        return rx.call_script(f"keybatchOpen('{DIALOG}')")
