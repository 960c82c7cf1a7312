"""The views of a table that people of a workspace keep under names."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from app.errors import KeybatchError
from app.services import saved
from app.web import addresses, toasts, views
from app.web.backend import house, in_thread
from app.web.components.basics import icon, link
from app.web.components.popover import popover
from app.web.state import Ui, allowed, w, who
from app.web.words import word

KIND = "view"


@dataclass
class Line:
    """A kept view: whose it is, and this batch looked at in that way. ``on``: it is looked at so now."""

    name: str
    owner: str
    href: str
    on: bool


class ViewsState(rx.State):
    """The kept views, for the batch in the address."""

    lines: list[Line] = []
    refusal: str = ""

    @rx.event
    async def enter(self) -> None:
        """Read them when they are asked for."""
        await self._read()

    @rx.event
    async def keep(self, form: dict[str, Any]):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Keep what the address shows under a name."""
        body = views.kept(views.parse(self.router.url.query)[0])
        return await self._do(str(form.get("name", "")), body, "view_kept")

    @rx.event
    async def restore(self, name: str, query: str):  # type: ignore[no-untyped-def]  # as above
        """Keep again what was forgotten."""
        return await self._do(name, {"query": query}, "view_kept")

    @rx.event
    async def forget(self, name: str):  # type: ignore[no-untyped-def]  # as above
        """Forget one, with a way back."""
        language = await self.get_var_value(Ui.language)
        try:
            gone = await in_thread(saved.forget, house(), allowed(self, "submit"), KIND, name)
        except KeybatchError as exc:
            return toasts.refused(exc.sentence(language))
        await self._read()
        back = ViewsState.restore(name, str(gone.body.get("query", "")))
        return toasts.undoable(word("view_forgotten", language, name=name), word("undo_forget", language), back)

    async def _do(self, name: str, body: dict[str, Any], said: str) -> EventSpec | None:
        language, self.refusal = await self.get_var_value(Ui.language), ""
        try:
            kept = await in_thread(saved.keep, house(), allowed(self, "submit"), KIND, name, body)
        except KeybatchError as exc:
            self.refusal = exc.sentence(language)
            return None
        await self._read()
        return toasts.said(word(said, language, name=kept.name))

    async def _read(self) -> None:
        url = self.router.url
        batch, now = addresses.batch_of(url.path) or 0, views.parse(url.query)[0]
        try:
            found = await in_thread(saved.listing, house(), who(self).workspace, KIND)
        except KeybatchError as exc:
            self.refusal = exc.sentence(await self.get_var_value(Ui.language))
            return
        opened = [(one, views.opened(one.body)) for one in found]
        self.lines = [Line(one.name, one.owner, views.address(batch, view), view == now) for one, view in opened]


def popover_of_views() -> rx.Component:
    """The button that opens them."""
    return popover("kept-views", "bookmark", w("kept_views"), _views(), on_open=ViewsState.enter)


def _views() -> rx.Component:
    return rx.fragment(
        rx.cond(
            ViewsState.lines.length() > 0,
            rx.el.ul(rx.foreach(ViewsState.lines, _line), class_name="pick-list"),
            rx.el.p(w("no_views"), class_name="mut"),
        ),
        rx.cond(
            Ui.scopes.contains("submit"),
            rx.el.form(
                rx.el.label(
                    rx.el.span(w("keep_view_as")),
                    rx.el.input(name="name", class_name="inp", max_length=saved.MAX_NAME, auto_complete="off"),
                    class_name="field",
                ),
                rx.cond(ViewsState.refusal != "", rx.el.p(ViewsState.refusal, class_name="wrong", role="alert")),
                rx.el.button(w("keep_view"), type="submit", class_name="btn p wide"),
                on_submit=ViewsState.keep,
                reset_on_submit=True,
                class_name="pop-form",
            ),
        ),
    )


def _line(one: rx.Var[Line]) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(one.name, class_name="chip-word"),
            rx.el.small(one.owner, class_name="dim"),
            to=one.href,
            prevent_scroll_reset=True,
            class_name=rx.cond(one.on, "view-name on", "view-name"),
            custom_attrs={"aria-current": rx.cond(one.on, "true", "false")},
        ),
        rx.cond(
            Ui.scopes.contains("submit"),
            rx.el.button(
                icon("x", 14),
                type="button",
                class_name="btn q square",
                on_click=ViewsState.forget(one.name),
                custom_attrs={"aria-label": rx.Var.create(f"{w('forget_view')}: {one.name}")},
            ),
        ),
        key=one.name,
    )
