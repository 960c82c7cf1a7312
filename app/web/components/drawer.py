"""The row that is open, beside the table: what was asked, what each source said and how, and what it had said before.

`assets/results.js` brings the focus in and back, closes it with Esc and leads to the neighbouring rows.
"""

import reflex as rx

from app.errors import KeybatchError, NoSuchThing
from app.web import addresses, views
from app.web.backend import source_infos
from app.web.components.basics import icon, link, notice, skeleton_lines
from app.web.details import Asked, Earlier, Fact, Found, RowDetail, SourceDetail, details, row
from app.web.lines import HEIGHT, WIDTH
from app.web.live import Watch, tabs
from app.web.state import Ui, w, who
from app.web.words import word

#: Least time between two looks at an open row, in seconds; its history is read with it.
GAP_S = 1.0


class RowState(rx.State):
    """The row in the address. ``open`` is its position, "" for none."""

    open: str = ""
    back: str = ""
    problem: str = ""
    detail: RowDetail = RowDetail()
    _asked: Asked | None = None

    @rx.event
    async def enter(self):  # type: ignore[no-untyped-def]  # handlers yield whatever Reflex chains
        """Open the row that the address names, or none."""
        url = self.router.url
        batch, (view, place) = addresses.batch_of(url.path), views.parse(url.query)
        if batch is None or place.row is None or addresses.tab_of(url.query_parameters) != "results":
            if self.open:
                self.reset()
            return
        self.open, self.problem = str(place.row), ""
        self.back = views.row_address(batch, view, place).removesuffix("row=").rstrip("?&")
        self._asked = Asked(batch, place.row, who(self).workspace)
        yield
        await self.refresh()
        yield RowState.follow

    @rx.event
    async def refresh(self) -> None:
        """Read it again, in the tab's language."""
        if self._asked is not None:
            await self._show(await self._look(self._asked))

    @rx.event(background=True)
    async def follow(self) -> None:
        """Keep it up to date while something of it is not read yet."""
        async with self:
            tab, asked, waits = self.router.session.client_token, self._asked, self._waits()
        if asked is None or not waits:
            return
        with tabs.watching(tab, asked.batch, Watch(gap_s=GAP_S), part="row") as watch:
            async for since in watch.changes(lambda: tabs.is_connected(tab)):
                found = await self._look(asked, since)
                async with self:
                    if watch.closed or self._asked != asked:
                        return
                    await self._show(found)
                    if not self._waits():
                        return

    async def _look(self, asked: Asked, since: float | None = None) -> Found | KeybatchError:
        try:
            return await details.snapshot(asked, since)
        except KeybatchError as exc:
            return exc

    async def _show(self, found: Found | KeybatchError) -> None:
        language = await self.get_var_value(Ui.language)
        if isinstance(found, KeybatchError):
            is_beyond = isinstance(found, NoSuchThing)
            self.problem = word("beyond_the_end_body", language) if is_beyond else found.sentence(language)
            return
        shown = row(found, source_infos(), language)
        if self.detail != shown:
            self.detail = shown

    def _waits(self) -> bool:
        return any(one.cell.kind == "pending" for one in self.detail.sources)


def drawer() -> rx.Component:
    """The drawer, where a row is open."""
    return rx.cond(
        RowState.open != "",
        rx.el.div(
            _top(),
            rx.cond(
                RowState.problem != "",
                notice("fail", RowState.problem),
                rx.cond(RowState.detail.key == RowState.open, _body(), skeleton_lines(8)),
            ),
            id="row-drawer",
            class_name="drawer",
            role="dialog",
            tab_index=-1,
            custom_attrs={"aria-label": w("row_detail"), "data-of": RowState.open},
        ),
    )


def _top() -> rx.Component:
    return rx.el.div(
        rx.el.span("#", RowState.detail.number, class_name="dim num"),
        rx.el.div(
            _step("chevron-up", "row_before", -1),
            _step("chevron-down", "row_after", 1),
            link(
                icon("x"),
                to=RowState.back,
                class_name="btn q square",
                prevent_scroll_reset=True,
                title=w("close_row"),
                custom_attrs={"aria-label": w("close_row"), "data-close-row": ""},
            ),
            class_name="steps",
        ),
        class_name="drawer-top",
    )


def _step(drawn: str, key: str, by: int) -> rx.Component:
    return rx.el.button(
        icon(drawn),
        type="button",
        class_name="btn q square",
        title=w(key),
        custom_attrs={"aria-label": w(key), "data-row-step": str(by)},
    )


def _body() -> rx.Component:
    detail = RowState.detail
    return rx.el.div(
        rx.el.h2(detail.keyword),
        rx.cond(detail.asked != "", rx.el.p(w("asked_as"), " ", rx.el.b(detail.asked), class_name="mut")),
        rx.cond(detail.merged != "", rx.el.p(detail.merged, class_name="mut")),
        rx.cond(detail.beside.length() > 0, rx.el.dl(rx.foreach(detail.beside, _fact), class_name="facts-list")),
        rx.foreach(detail.sources, _source),
        class_name="drawer-body",
    )


def _fact(one: rx.Var[Fact]) -> rx.Component:
    return rx.el.div(rx.el.dt(one.name), rx.el.dd(one.said), key=one.name)


def _source(one: rx.Var[SourceDetail]) -> rx.Component:
    cached = rx.cond(one.cell.cached, " c-cached", "")
    return rx.el.section(
        rx.el.div(
            rx.el.h3(one.title, title=one.name),
            rx.el.span(one.label, class_name=rx.Var.create(f"chip r-{one.cell.kind}")),
            class_name="said-top",
        ),
        rx.cond(
            one.cell.text != "",
            rx.el.p(
                rx.cond(one.cell.cached, icon("history", 14)),
                rx.cond(one.cell.kind == "failed", icon("triangle-alert", 14)),
                one.cell.text,
                class_name=rx.Var.create(f"said-value c-{one.cell.kind}{cached}"),
            ),
        ),
        rx.cond(one.error != "", rx.el.p(one.error, class_name="said-error")),
        rx.cond((one.words != "") & (one.words != one.error), rx.el.pre(one.words, class_name="said-words")),
        rx.cond(one.facts.length() > 0, rx.el.dl(rx.foreach(one.facts, _fact), class_name="facts-list")),
        rx.cond(
            one.raw != "",
            rx.el.details(
                rx.el.summary(icon("chevron-right", 14), w("raw_data")),
                rx.el.pre(one.raw, tab_index=0),
            ),
        ),
        rx.cond(one.earlier.length() > 0, _history(one)),
        class_name="said-by",
        key=one.name,
    )


def _history(one: rx.Var[SourceDetail]) -> rx.Component:
    return rx.fragment(
        rx.cond(one.line.dots.length() > 1, _line(one)),
        rx.el.details(
            rx.el.summary(icon("chevron-right", 14), w("measurements"), " ", one.earlier.length()),
            rx.el.ul(rx.foreach(one.earlier, _earlier), class_name="earlier"),
        ),
    )


def _line(one: rx.Var[SourceDetail]) -> rx.Component:
    return rx.el.svg(
        rx.foreach(one.line.runs, lambda run: rx.el.path(d=run, key=run)),
        rx.foreach(
            one.line.dots,
            lambda dot: rx.el.circle(cx=dot.x, cy=dot.y, r="2.5", class_name=rx.Var.create(f"d-{dot.kind}")),
        ),
        class_name="over-time",
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        custom_attrs={"aria-label": one.line_says},
    )


def _earlier(one: rx.Var[Earlier]) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.when, class_name="num dim"),
        rx.el.span(one.text, class_name=rx.Var.create(f"num c-{one.kind}")),
        link("#", one.batch, to=rx.Var.create(f"/batches/{one.batch}"), class_name="dim"),
        key=one.key,
    )
