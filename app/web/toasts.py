"""Short notes in the corner of the page: what was done, with the way back where there is one."""

from collections.abc import Sequence

import reflex as rx
from reflex.event import EventSpec

#: How long a note stays, and one with a way back, in milliseconds.
_STAYS_MS, _STAYS_TO_UNDO_MS = 5_000, 10_000


def said(text: str) -> EventSpec:
    """Something was done."""
    return rx.toast.success(text, duration=_STAYS_MS)


def refused(text: str) -> EventSpec:
    """Something was not done, and why."""
    return rx.toast.error(text, duration=_STAYS_TO_UNDO_MS)


def undoable(text: str, undo: str, handler: EventSpec | Sequence[EventSpec]) -> EventSpec:
    """Something was done that ``handler`` really undoes; ``undo`` is the word for that."""
    return rx.toast.success(text, duration=_STAYS_TO_UNDO_MS, action={"label": undo, "on_click": handler})
