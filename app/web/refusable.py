"""Why a form was not taken, said at the part of it that this is about."""

import reflex as rx

from app.errors import KeybatchError, Language
from app.web import filled


class Refusable(rx.State, mixin=True):
    """Of a page's state: the sentence, its place, and whether it only keeps a preview from being made."""

    refusal: str = ""
    place: str = ""
    gentle: bool = False
    _refused: KeybatchError | None = None

    def _say(self, exc: KeybatchError | None, language: Language, *, gentle: bool = False) -> None:
        """Why not, at its place; None: nothing stands in the way any more."""
        self._refused, self.gentle = exc, gentle and exc is not None
        self.refusal = filled.sentence(exc, language) if exc else ""
        self.place = filled.place(exc) if exc else ""
