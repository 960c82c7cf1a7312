"""What is about to be done with all rows of a batch that match the address: their failures are asked again, or a new
batch is made of them. How many that are is said first."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import reflex as rx

from app.errors import KeybatchError, NoSources, NothingToRetry
from app.services import batches, catalogue, control, copies
from app.services.callers import Caller
from app.web import addresses, cells, shown, toasts, views
from app.web.backend import house, in_thread
from app.web.reads import Window, counts
from app.web.state import Ui, allowed, who
from app.web.words import word

#: What the name of a ticked source's field begins with.
SOURCE = "source:"


@dataclass
class Offered:
    """A source that a new batch can ask."""

    name: str
    title: str
    on: bool


class PickedState(rx.State):
    """What is about to be done with all rows that match the address. ``asks``: retry, batch or nothing."""

    asks: str = ""
    affected: str = ""
    refusal: str = ""
    busy: bool = False
    offered: list[Offered] = []

    @rx.event
    async def ask_retry(self):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Say how many failures there are, before they are asked again."""
        window, language = self._window(), await self.get_var_value(Ui.language)
        try:
            failed = await self._failed(window)
            if not failed:
                raise NothingToRetry(batch=window.batch)
        except KeybatchError as exc:
            return toasts.refused(exc.sentence(language))
        self.affected = word("retry_affects", language, count=failed, shown=cells.number(failed))
        self.asks, self.refusal = "retry", ""
        return None

    @rx.event
    async def ask_batch(self):  # type: ignore[no-untyped-def]  # as above
        """Say how many keywords there are, and which sources can be asked, before a batch is made of them."""
        window, language = self._window(), await self.get_var_value(Ui.language)
        try:
            view = await in_thread(batches.get, house(), window.batch)
            count = await counts.snapshot(window)
            found = await in_thread(catalogue.catalogue, house())
        except KeybatchError as exc:
            return toasts.refused(exc.sentence(language))
        present = {source.name for source in view.sources}
        self.offered = [
            Offered(one.name, shown.full_title(one, language), one.name in present) for one in found if one.ready
        ]
        self.offered.sort(key=lambda one: not one.on)
        self.affected = word("batch_affects", language, count=count, shown=cells.number(count))
        self.asks, self.refusal = "batch", ""
        return None

    @rx.event
    async def retry(self):  # type: ignore[no-untyped-def]  # as above
        """Ask the failures again."""
        if self.asks != "retry":  # pressed twice
            return None
        window = self._window()
        narrowed = {"filters": window.view.filters, "q": window.view.q}
        done = await self._do(lambda caller: partial(control.retry, house(), window.batch, who=caller, **narrowed))
        if done is None:
            return None
        language = await self.get_var_value(Ui.language)
        return toasts.said(word("rows_retried", language, count=done.lookups, shown=cells.number(done.lookups)))

    @rx.event
    async def make(self, form: dict[str, Any]):  # type: ignore[no-untyped-def]  # handlers yield whatever Reflex chains
        """Make a batch of the keywords."""
        sources = [key.removeprefix(SOURCE) for key, on in form.items() if key.startswith(SOURCE) and on]
        if self.busy or self.asks != "batch":  # pressed twice: the second comes while the first is done, or after it
            return
        if not sources:  # the service would take those of this batch
            self.refusal = NoSources().sentence(await self.get_var_value(Ui.language))
            return
        self.busy = True
        yield
        view, name = self._window().view, str(form.get("name", ""))
        options = {"sources": sources, "filters": view.filters, "q": view.q, "name": name}
        done = await self._do(
            lambda caller: partial(copies.submit_matching, house(), self._window().batch, who=caller, **options)
        )
        self.busy = False
        if done is not None:
            yield rx.redirect(f"/batches/{done.batch}")

    @rx.event
    def dismiss(self) -> None:
        """Do none of it."""
        self.asks, self.refusal = "", ""

    def _window(self) -> Window:
        """All rows that match the address."""
        url = self.router.url
        view = replace(views.parse(url.query)[0], columns=(), sort="position", order="asc")
        return Window(addresses.batch_of(url.path) or 0, view, workspace=who(self).workspace)

    async def _failed(self, window: Window) -> int:
        """Failed lookups in these rows. Raises NoSuchBatch, BadValue."""
        await in_thread(batches.require_in, house(), window.workspace, window.batch)
        batch = await in_thread(batches.get, house(), window.batch)
        if not window.view.narrows:
            return batch.counts.failed
        sources = [source.name for source in batch.sources if source.counts.failed]
        each = [replace(window, view=window.view.filtered(f"{name}:failed")) for name in sources]
        return sum([await counts.snapshot(one) for one in each])

    async def _do(self, verb: Callable[[Caller], Callable[[], Any]]) -> Any:
        """What ``verb`` gives for who is here; a refusal becomes a sentence, and gives None."""
        self.refusal = ""
        try:
            caller, window = allowed(self, "submit"), self._window()
            await in_thread(batches.require_in, house(), caller.workspace, window.batch)
            done = await in_thread(verb(caller))
        except KeybatchError as exc:
            self.refusal = exc.sentence(await self.get_var_value(Ui.language))
            return None
        self.asks = ""
        return done
