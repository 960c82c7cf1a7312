"""Doing something to the batch that a tab shows, as who has the tab open: every state of the page does it this way."""

from collections.abc import Callable
from typing import TypeVar

import reflex as rx

from app.services import batches
from app.web.backend import house, in_thread
from app.web.state import allowed

T = TypeVar("T")


async def do(state: rx.State, batch: int, verb: Callable[..., T], *given: object, **options: object) -> T:
    """What ``verb(house, batch, …, who=…)`` gives, of `app.services`. Raises NotSignedIn, Forbidden, NoSuchBatch (for
    one of another workspace too), and what the verb raises."""
    person = allowed(state, "submit")
    await in_thread(batches.require_in, house(), person.workspace, batch)
    return await in_thread(verb, house(), batch, *given, who=person, **options)
