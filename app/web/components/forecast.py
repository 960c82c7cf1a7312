"""What a batch would take and cost, beside the form; what is odd about its keywords, under them."""

import reflex as rx

from app.web.components.basics import icon, skeleton_lines
from app.web.components.summary import rejected_table
from app.web.figures import Fact
from app.web.forecast import DoubtShown, Forecast
from app.web.state import w


def forecast(found: rx.Var[Forecast], busy: rx.Var[bool]) -> rx.Component:
    """The preview, or grey lines while it is worked out."""
    return rx.el.div(
        rx.cond(busy & ~found.shown, skeleton_lines(4)),
        rx.cond(
            found.shown,
            rx.el.dl(
                rx.foreach(
                    found.facts,
                    lambda fact: rx.el.div(
                        rx.el.dt(fact.label),
                        rx.el.dd(rx.el.b(fact.value), rx.el.span(fact.note)),
                        key=fact.label,
                    ),
                ),
                class_name=rx.cond(busy, "forecast stale", "forecast"),
            ),
        ),
        custom_attrs={"aria-live": "polite"},
    )


def findings(found: rx.Var[Forecast], download: rx.event.EventType[()]) -> rx.Component:
    """What is changed, doubtful, spaced differently or not taken. ``download`` gives the full list."""
    return rx.cond(
        found.shown & found.odd,
        rx.el.section(
            rx.el.div(
                rx.el.h2(w("findings"), id="findings-title"),
                rx.cond(found.report != "", _download(found.report, download)),
                class_name="panel-top",
            ),
            _counts(w("changed_by"), found.changed),
            _part(w("doubts"), found.doubted, "", found.doubts.length() > 0, _doubts(found.doubts), found.more_doubts),
            _part(w("spacings"), [], found.spaced, found.spaced != "", _spacings(found.spacings), found.more_spacings),
            _part(
                w("rejected_lines"),
                [],
                found.rejected,
                found.rejections.length() > 0,
                rejected_table(found.rejections),
                found.more_rejections,
            ),
            class_name="panel findings",
            custom_attrs={"aria-labelledby": "findings-title"},
        ),
    )


def _download(lines: rx.Var[str], download: rx.event.EventType[()]) -> rx.Component:
    return rx.el.button(
        icon("download", 14),
        rx.el.span(w("all_lines"), rx.el.small(lines)),
        type="button",
        on_click=download,
        class_name="btn",
    )


def _counts(title: rx.Var[str], counts: rx.Var[list[Fact]]) -> rx.Component:
    return rx.cond(
        counts.length() > 0,
        rx.el.div(rx.el.h3(title), _chips(counts), class_name="finding"),
    )


def _chips(counts: rx.Var[list[Fact]]) -> rx.Component:
    return rx.el.ul(
        rx.foreach(counts, lambda one: rx.el.li(one.label, " ", rx.el.b(one.value), class_name="chip", key=one.label)),
        class_name="counts",
    )


def _part(
    title: rx.Var[str],
    counts: rx.Var[list[Fact]] | list[Fact],
    count: rx.Var[str] | str,
    there: rx.Var[bool],
    told: rx.Component,
    more: rx.Var[str],
) -> rx.Component:
    """One kind of finding: how many, the first of them, how many more."""
    return rx.cond(
        there,
        rx.el.details(
            rx.el.summary(icon("chevron-right", 14), rx.el.h3(title), rx.el.b(count)),
            _chips(rx.Var.create(counts).to(list[Fact])),
            told,
            rx.cond(more != "", rx.el.p(more, class_name="dim")),
            open=True,
            class_name="finding",
        ),
    )


def _doubts(found: rx.Var[list[DoubtShown]]) -> rx.Component:
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                rx.el.th(w("line"), scope="col", class_name="num"),
                rx.el.th(w("typed"), scope="col"),
                rx.el.th(w("offered"), scope="col"),
                rx.el.th(w("kind"), scope="col"),
            )
        ),
        rx.el.tbody(rx.foreach(found, _doubt)),
        class_name="doubts",
    )


def _doubt(one: rx.Var[DoubtShown]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(one.line, class_name="num dim"),
        rx.el.td(one.typed),
        rx.el.td(
            rx.cond(one.offered != "", rx.el.b("→ ", one.offered), rx.el.span(w("nothing_offered"), class_name="dim"))
        ),
        rx.el.td(one.kind, class_name="mut"),
        key=one.line,
    )


def _spacings(found: rx.Var[list[str]]) -> rx.Component:
    return rx.el.ul(rx.foreach(found, lambda one: rx.el.li(one, key=one)), class_name="spaced")
