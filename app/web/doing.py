"""The verbs of a batch's page: each does one thing, shows what became of it, and says so in the corner."""

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from app.errors import KeybatchError
from app.services import control, naming
from app.web import addresses, deeds, toasts
from app.web.state import Ui
from app.web.words import word


class Doing(rx.State, mixin=True):
    """What a person may do to the batch; the page that mixes it in says which one that is, and reads it again."""

    asks: bool = False
    editing: str = ""

    def _batch(self) -> int:
        raise NotImplementedError

    async def _again(self) -> None:
        raise NotImplementedError

    @rx.event
    def ask(self) -> None:
        """Cancelling is asked once more."""
        self.asks = True

    @rx.event
    def unask(self) -> None:
        self.asks = False

    @rx.event
    def edit(self, what: str) -> None:
        """Open the form for the ``name`` or a ``tag``; "" closes it."""
        self.editing = what if what in ("name", "tag") else ""

    @rx.event
    async def pause(self):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Let the batch rest."""
        return await self._do(control.pause, says="did_pause", back="resume")

    @rx.event
    async def resume(self):  # type: ignore[no-untyped-def]  # as above
        """Let it go on."""
        return await self._do(control.resume, says="did_resume", back="pause")

    @rx.event
    async def cancel(self):  # type: ignore[no-untyped-def]  # as above
        """Stop it; what was read is kept."""
        return await self._do(control.cancel, says="did_cancel", back="resume")

    @rx.event
    async def retry(self):  # type: ignore[no-untyped-def]  # as above
        """Ask all failed lookups again."""
        return await self._do(control.retry, says="retried")

    @rx.event
    async def rerun(self):  # type: ignore[no-untyped-def]  # as above
        """Ask everything anew, on the page of the batch that does."""
        return await self._do(control.rerun)

    @rx.event
    async def rename(self, form: dict[str, Any]):  # type: ignore[no-untyped-def]  # as above
        """Call it something else; a refused name stays in the field."""
        return await self._do(naming.rename, str(form.get("name", "")), says="did_rename")

    @rx.event
    async def tag(self, form: dict[str, Any]):  # type: ignore[no-untyped-def]  # as above
        """Let it be found by a word more."""
        return await self._do(naming.tag, str(form.get("tag", "")))

    @rx.event
    async def untag(self, tag: str):  # type: ignore[no-untyped-def]  # as above
        """Let it be found by a word less."""
        return await self._do(naming.untag, tag)

    @rx.event
    async def shared(self, done: bool) -> EventSpec:
        """Say whether the address is on the clipboard."""
        language = await self.get_var_value(Ui.language)
        return toasts.said(word("copied_link", language)) if done else toasts.refused(word("not_copied", language))

    async def _do(self, verb: Callable[..., Any], *given: object, says: str = "", back: str = "") -> Any:
        """Do something with the batch and show what became of it: a note with the way ``back``, or why not."""
        batch, self.asks = self._batch(), False
        language = await self.get_var_value(Ui.language)
        try:
            done = await deeds.do(self, batch, verb, *given)
        except KeybatchError as exc:
            await self._again()
            return toasts.refused(exc.sentence(language))
        self.editing = ""
        await self._again()
        if verb is control.rerun:
            return rx.redirect(addresses.batch(done.id))
        text = word(says, language, count=getattr(done, "lookups", 0)) if says else ""
        if back:
            return toasts.undoable(text, word("undo", language), getattr(type(self), back)())
        return toasts.said(text) if text else None
