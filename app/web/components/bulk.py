"""What is done with rows: the selected ones are copied; with all that match, failures are asked again, an export or a
new batch is made. Which rows are selected is the browser's affair (`assets/results.js`)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import reflex as rx

from app.errors import KeybatchError, NothingToRetry
from app.services import batches, catalogue, control
from app.services.callers import Caller
from app.web import addresses, cells, shown, toasts, views
from app.web.backend import house, in_thread
from app.web.choosing import Choosing
from app.web.components.basics import icon, link, notice
from app.web.components.popover import popover
from app.web.reads import Window, counts
from app.web.state import Ui, allowed, w, who
from app.web.words import word

_SOURCE = "source:"
#: Name, word and what the route is asked for.
_FORMATS = (
    ("CSV", "format_csv", "format=csv&bom=1"),
    ("XLSX", "format_xlsx", "format=xlsx"),
    ("JSON Lines", "format_jsonl", "format=jsonl"),
    ("Parquet", "format_parquet", "format=parquet"),
)


@dataclass
class Offered:
    """A source that a new batch can ask."""

    name: str
    title: str
    on: bool


class BulkState(rx.State):
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
        window = self._window()
        narrowed = {"filters": window.view.filters, "q": window.view.q} if window.view.narrows else {}
        done = await self._do(lambda _: partial(control.retry, house(), window.batch, **narrowed))
        if done is None:
            return None
        language = await self.get_var_value(Ui.language)
        return toasts.said(word("rows_retried", language, count=done.lookups, shown=cells.number(done.lookups)))

    @rx.event
    async def make(self, form: dict[str, Any]):  # type: ignore[no-untyped-def]  # handlers yield whatever Reflex chains
        """Make a batch of the keywords."""
        if self.busy:  # pressed twice
            return
        self.busy = True
        yield
        window, name = self._window(), str(form.get("name", ""))
        sources = [key.removeprefix(_SOURCE) for key, on in form.items() if key.startswith(_SOURCE) and on]
        done = await self._do(
            lambda caller: partial(
                batches.submit_matching,
                house(),
                window.batch,
                sources,
                window.view.filters,
                window.view.q,
                who=caller,
                name=name,
            )
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


def bar(table: type[Choosing]) -> rx.Component:
    """What can be done with the selected rows; there while some are."""
    may = Ui.scopes.contains("submit")
    return rx.el.div(
        rx.el.div(
            rx.el.b(rx.el.output(), " ", w("rows_picked"), class_name="p-some"),
            rx.el.b(w("all_matching_picked"), " ", table.matched, class_name="p-all num"),
            rx.el.button(
                icon("copy"), w("copy_rows"), type="button", class_name="btn p-some", custom_attrs={"data-copy": ""}
            ),
            rx.el.button(
                w("pick_all_matching"),
                " ",
                table.matched,
                type="button",
                class_name="btn q p-some",
                custom_attrs={"data-pick-all": ""},
            ),
            rx.el.span(
                rx.cond(may, _act("rotate-cw", "retry_failed_rows", BulkState.ask_retry)),
                popover("export-rows", "download", w("export_rows"), _exports(table), class_name="btn"),
                rx.cond(may, _act("plus", "batch_of_rows", BulkState.ask_batch)),
                class_name="p-all acts",
            ),
            rx.el.button(
                icon("x"),
                type="button",
                class_name="btn q square",
                title=w("unpick"),
                custom_attrs={"data-unpick": "", "aria-label": w("unpick")},
            ),
            id="picked",
            class_name="picked",
            hidden=True,
            role="toolbar",
            custom_attrs={"aria-label": w("rows_picked")},
        ),
        rx.el.p(
            id="copied",
            class_name="copied",
            role="status",
            custom_attrs={"data-said": w("rows_copied"), "data-failed": w("rows_not_copied")},
        ),
        rx.match(BulkState.asks, ("retry", _sure()), ("batch", _batch()), rx.fragment()),
    )


def _act(drawn: str, key: str, do: Any) -> rx.Component:
    return rx.el.button(icon(drawn), w(key), type="button", class_name="btn", on_click=do)


def _exports(table: type[Choosing]) -> rx.Component:
    return rx.el.ul(
        *[
            rx.el.li(
                link(
                    rx.el.b(name),
                    rx.el.small(w(key), class_name="dim"),
                    to=rx.Var.create(f"{table.export}&{wanted}"),
                    reload_document=True,  # the browser's own download, not a page of this house
                    download=True,
                    class_name="view-name",
                )
            )
            for name, key, wanted in _FORMATS
        ],
        class_name="pick-list",
    )


def _dialog(title: rx.Var[str], *content: rx.Component) -> rx.Component:
    """Shown as a modal by `assets/results.js`; Esc presses the button that dismisses it."""
    return rx.el.dialog(
        rx.el.h2(title),
        rx.el.p(BulkState.affected, class_name="affected"),
        rx.cond(BulkState.refusal != "", notice("fail", BulkState.refusal)),
        *content,
        class_name="ask",
        custom_attrs={"data-modal": "", "aria-label": title},
    )


def _dismiss() -> rx.Component:
    return rx.el.button(
        w("never_mind"), type="button", class_name="btn", on_click=BulkState.dismiss, custom_attrs={"data-dismiss": ""}
    )


def _sure() -> rx.Component:
    go = rx.el.button(w("retry_these"), type="button", class_name="btn p", on_click=BulkState.retry, auto_focus=True)
    return _dialog(w("retry_failed_rows"), rx.el.div(_dismiss(), go, class_name="acts"))


def _batch() -> rx.Component:
    return _dialog(
        w("batch_of_rows"),
        rx.el.form(
            rx.el.label(
                rx.el.span(w("name")),
                rx.el.input(name="name", class_name="inp", max_length=200, auto_complete="off"),
                class_name="field",
            ),
            rx.el.fieldset(rx.el.legend(w("sources")), rx.foreach(BulkState.offered, _offered), class_name="offered"),
            rx.el.div(
                _dismiss(),
                rx.el.button(w("submit"), type="submit", class_name="btn p", disabled=BulkState.busy),
                class_name="acts",
            ),
            on_submit=BulkState.make,
            class_name="pop-form",
        ),
    )


def _offered(one: rx.Var[Offered]) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox", name=rx.Var.create(f"{_SOURCE}{one.name}"), class_name="tick", default_checked=one.on
        ),
        rx.el.span(one.title, class_name="chip-word"),
        class_name="opt",
        key=one.name,
    )
