"""What failed, by source and error class: what that means, a few of the keywords, and the way to ask them again."""

import reflex as rx

from app.errors import KeybatchError, Language
from app.log import get
from app.services import control
from app.services.failures import Sampled, sampled
from app.web import addresses, deeds, toasts
from app.web import failures as failures_shown
from app.web.backend import house, source_infos
from app.web.components.basics import empty, icon, link, notice, skeleton_lines
from app.web.failures import CANARY, FailedKind, FailedShown, Sample
from app.web.heads import Asked, require
from app.web.joined import Joined
from app.web.live import Watch, tabs
from app.web.state import Ui, w, who
from app.web.words import word

log = get(__name__)
#: Least time between two looks, and how often to look without being told, in seconds.
GAP_S, ANYWAY_S = 1.0, 15.0


def _read(asked: Asked) -> list[Sampled]:
    return sampled(house(), require(house(), asked))


reads: Joined[Asked, list[Sampled]] = Joined(_read)


async def _found(asked: Asked, since: float | None = None) -> list[Sampled] | KeybatchError:
    try:
        return await reads.snapshot(asked, since)
    except KeybatchError as exc:
        return exc


class FailuresState(rx.State):
    """The failures on screen."""

    phase: str = "loading"
    problem: str = ""
    failed: FailedShown = FailedShown()
    _asked: Asked | None = None

    @rx.event
    async def enter(self):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Read them and keep them up to date, if the address names this tab."""
        url = self.router.url
        batch = addresses.batch_of(url.path)
        if batch is None or addresses.tab_of(url.query_parameters) != "failures":
            return None
        asked = Asked(batch, who(self).workspace)
        if asked != self._asked:
            self.reset()
        self._asked = asked
        return FailuresState.follow

    @rx.event
    async def refresh(self) -> None:
        """Read them again, in the tab's language."""
        if self._asked is not None:
            self._show(self._asked, await _found(self._asked), await self.get_var_value(Ui.language))

    @rx.event(background=True)
    async def follow(self) -> None:
        """Read them again when the batch changes, until the tab leaves."""
        async with self:
            tab, asked = self.router.session.client_token, self._asked
        if asked is None:
            return
        with tabs.watching(tab, asked.batch, Watch(GAP_S, ANYWAY_S), part="failures") as watch:
            async for since in watch.changes(lambda: tabs.is_connected(tab)):
                found = await _found(asked, since)
                async with self:
                    if watch.closed or self._asked != asked:
                        return
                    self._show(asked, found, await self.get_var_value(Ui.language))

    @rx.event
    async def retry(self, source: str, error: str, first: int):  # type: ignore[no-untyped-def]  # as above
        """Ask failed lookups again: "" stands for any source or error class, 0 for all of them."""
        language = await self.get_var_value(Ui.language)
        if self._asked is None:
            return None
        try:
            wanted = {"source": source, "error": error, "first": first or None}
            done = await deeds.do(self, self._asked.batch, control.retry, **wanted)
        except KeybatchError as exc:
            return toasts.refused(exc.sentence(language))
        self._show(self._asked, await _found(self._asked), language)
        return toasts.said(word("retried", language, count=done.lookups))

    def _show(self, asked: Asked, found: list[Sampled] | KeybatchError, language: Language) -> None:
        if isinstance(found, KeybatchError):
            log.warning("failures_unread", error=str(found))
            self.problem = found.sentence(language)
            return
        shown = failures_shown.failed(asked.batch, found, source_infos(), language)
        if shown != self.failed:
            self.failed = shown
        self.phase, self.problem = "shown", ""


def view() -> rx.Component:
    """The tab."""
    return rx.fragment(
        rx.cond(FailuresState.problem != "", notice("wait", FailuresState.problem, " ", w("retrying"))),
        rx.cond(
            FailuresState.phase == "loading",
            rx.el.div(skeleton_lines(5), class_name="panel"),
            rx.cond(FailuresState.failed.total != "", _failed(FailuresState.failed), _none()),
        ),
    )


def _none() -> rx.Component:
    return rx.el.div(empty("circle-check", w("no_failures_title"), w("no_failures_body")), class_name="panel")


def _failed(found: rx.Var[FailedShown]) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(icon("triangle-alert"), w("tab_failures"), " ", rx.el.span(found.total, class_name="num")),
            rx.cond(Ui.scopes.contains("submit"), _retries(found.canary, "", "", "retry_all")),
            class_name="panel-top",
        ),
        rx.el.ul(rx.foreach(found.kinds, _kind), class_name="kinds"),
        class_name="panel failed-panel",
    )


def _retries(canary: rx.Var[str], source: rx.Var[str] | str, error: rx.Var[str] | str, key: str) -> rx.Component:
    all_of_them = FailuresState.retry(source, error, 0)
    return rx.el.div(
        rx.cond(
            canary != "",
            rx.el.button(
                canary,
                type="button",
                on_click=FailuresState.retry(source, error, CANARY),
                class_name="btn",
                title=w("canary_hint"),
            ),
        ),
        rx.el.button(icon("rotate-cw"), w(key), type="button", on_click=all_of_them, class_name="btn"),
        class_name="acts",
    )


def _kind(one: rx.Var[FailedKind]) -> rx.Component:
    return rx.el.li(
        rx.el.b(one.count, class_name="num"),
        rx.el.div(
            rx.el.div(rx.el.span(one.title, class_name="strong"), rx.el.code(one.error)),
            rx.el.p(one.means, rx.el.span(" · ", one.advice, class_name="mut")),
            rx.cond(one.detail != "", rx.el.p(one.detail, class_name="said", title=one.detail)),
            rx.el.p(
                rx.el.span(w("failed_sample"), class_name="dim"),
                rx.foreach(one.sample, _sample),
                rx.cond(one.more != "", rx.el.span(one.more, class_name="dim")),
                class_name="sample-line",
            ),
            class_name="kind",
        ),
        rx.el.div(
            link(icon("table-2"), w("see_rows"), to=one.address, class_name="btn"),
            rx.cond(Ui.scopes.contains("submit"), _retries(one.canary, one.source, one.error, "retry_these")),
            class_name="kind-acts",
        ),
        key=one.key,
    )


def _sample(one: rx.Var[Sample]) -> rx.Component:
    return link(one.keyword, to=one.address, class_name="sample-kw", title=one.keyword, key=one.address)
