"""The calls that do over HTTP what this page does."""

import reflex as rx
from reflex.event import EventSpec

from app.errors import KeybatchError, Language
from app.log import get
from app.web import addresses, copying, snippets, toasts
from app.web.backend import house
from app.web.components.basics import icon, link, notice, skeleton_lines
from app.web.heads import Asked, heads
from app.web.snippets import Snippet
from app.web.state import Ui, w, who
from app.web.words import word

log = get(__name__)


class ApiState(rx.State):
    """The calls on screen."""

    phase: str = "loading"
    problem: str = ""
    snippets: list[Snippet] = []
    _asked: Asked | None = None

    @rx.event
    async def enter(self) -> None:
        """Write them, if the address names this tab."""
        url = self.router.url
        batch = addresses.batch_of(url.path)
        if batch is None or addresses.tab_of(url.query_parameters) != "api":
            return
        asked = Asked(batch, who(self).workspace)
        if asked != self._asked:
            self.reset()
        self._asked = asked
        await self.refresh()

    @rx.event
    async def refresh(self) -> None:
        """Write them again, in the tab's language. Settings: public_url."""
        if self._asked is None:
            return
        language: Language = await self.get_var_value(Ui.language)
        at = house().settings.public_url or self.router.url.origin
        try:
            found = await heads.snapshot(self._asked)
        except KeybatchError as exc:
            log.warning("calls_unwritten", error=str(exc))
            self.problem = exc.sentence(language)
            return
        self.snippets = snippets.snippets(found.batch, at, language)
        self.phase, self.problem = "shown", ""

    @rx.event
    async def copied(self, done: bool) -> EventSpec:
        """Say whether a call is on the clipboard."""
        language = await self.get_var_value(Ui.language)
        return toasts.said(word("copied", language)) if done else toasts.refused(word("not_copied", language))


def view() -> rx.Component:
    """The tab."""
    return rx.fragment(
        rx.cond(ApiState.problem != "", notice("fail", ApiState.problem)),
        rx.el.section(
            rx.el.div(
                rx.el.p(w("api_lead")),
                rx.el.div(
                    link(icon("key-round"), w("api_tokens"), to="/settings?section=tokens", class_name="btn"),
                    rx.el.a(
                        icon("book-open"),
                        w("api_docs"),
                        rx.el.span(w("new_tab"), class_name="sr"),
                        href="/api/docs",
                        target="_blank",
                        rel="noopener",
                        class_name="btn",
                    ),
                    class_name="acts",
                ),
                class_name="panel-top api-top",
            ),
            rx.cond(ApiState.phase == "loading", skeleton_lines(6), rx.el.ol(rx.foreach(ApiState.snippets, _snippet))),
            class_name="panel api-panel",
        ),
    )


def _snippet(one: rx.Var[Snippet]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(rx.el.h3(one.title), rx.el.p(one.note, class_name="mut")),
            rx.el.button(
                icon("copy", 14),
                w("copy"),
                type="button",
                on_click=copying.element(one.key, ApiState.copied),
                class_name="btn",
                custom_attrs={"aria-label": f"{w('copy')}: {one.title}"},
            ),
            class_name="api-head",
        ),
        rx.el.pre(rx.el.code(one.text, id=one.key), tab_index=0),
        key=one.key,
    )
