"""What a batch would cost, beside the form; what becomes of its lines, under them."""

import reflex as rx

from app.web.components.basics import icon
from app.web.figures import Fact
from app.web.forecast import CHIPS, ChipShown, Forecast, LineShown
from app.web.state import w

_FACTS = ("lookups", "cached_answers", "calls_needed", "ends")
#: How the script says when a preview is made: as one types, after a pause, or when it is asked for.
_MODES = ("typing", "pause", "asked")


def cost(found: rx.Var[Forecast]) -> rx.Component:
    """Lookups, calls and the end. The lines are there before their figures are, so that nothing moves."""
    return rx.el.div(
        rx.el.h2(w("cost_and_time"), id="cost-title"),
        rx.el.dl(
            rx.cond(
                found.shown,
                rx.foreach(found.facts, _fact),
                rx.fragment(*[rx.el.div(rx.el.dt(w(key)), rx.el.dd("–", class_name="dim")) for key in _FACTS]),
            ),
            class_name="forecast",
        ),
        rx.el.ul(rx.foreach(found.whys, lambda why: rx.el.li(why, key=why)), class_name="whys"),
        class_name="sec cost",
        role="region",
        custom_attrs={"aria-labelledby": "cost-title", "aria-live": "polite"},
    )


def _fact(fact: rx.Var[Fact]) -> rx.Component:
    return rx.el.div(rx.el.dt(fact.label), rx.el.dd(rx.el.b(fact.value)), key=fact.label)


def findings(found: rx.Var[Forecast], download: rx.event.EventType[()]) -> rx.Component:
    """What becomes of the lines; ``download`` gives the full list."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(w("findings"), id="findings-title"),
            rx.el.span(*[rx.el.span(w(f"mode_{one}"), class_name=f"m-{one}") for one in _MODES], class_name="new-mode"),
            rx.cond(found.report != "", _download(found.report, download)),
            rx.el.button(
                icon("eye", 14),
                w("preview"),
                type="submit",
                class_name="btn",
                custom_attrs={"data-intent": "preview"},
            ),
            class_name="panel-top",
        ),
        rx.cond(
            found.shown,
            rx.el.div(
                rx.el.ul(rx.foreach(found.chips, _chip), class_name="counts"),
                rx.cond(found.lines.length() > 0, _lines(found)),
                rx.cond(found.spacings.length() > 0, _spacings(found)),
                class_name="found",
            ),
            rx.el.p(w("findings_none"), class_name="mut found"),
        ),
        class_name="panel findings",
        custom_attrs={"aria-labelledby": "findings-title"},
    )


def _download(lines: rx.Var[str], download: rx.event.EventType[()]) -> rx.Component:
    return rx.el.button(
        icon("download", 14),
        rx.el.span(w("all_lines"), rx.el.small(lines)),
        type="button",
        on_click=download,
        class_name="btn q",
    )


def _chip(one: rx.Var[ChipShown]) -> rx.Component:
    return rx.el.li(
        rx.match(one.key, *((key, icon(drawn, 13)) for key, drawn, _ in CHIPS), rx.fragment()),
        one.text,
        class_name=f"chip f-{one.kind}",
        key=one.key,
    )


def _lines(found: rx.Var[Forecast]) -> rx.Component:
    heads = (("line", "num"), ("typed", ""), ("what_about", ""), ("outcome", ""))
    return rx.fragment(
        rx.el.table(
            rx.el.thead(rx.el.tr(*[rx.el.th(w(key), scope="col", class_name=cls) for key, cls in heads])),
            rx.el.tbody(rx.foreach(found.lines, _line)),
            class_name="told-lines",
        ),
        rx.cond(found.more != "", rx.el.p(found.more, class_name="dim more-lines")),
    )


def _line(one: rx.Var[LineShown]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(one.line, class_name="num dim"),
        rx.el.td(
            rx.el.span(one.typed, class_name="as-typed"),
            rx.cond(one.asked != "", rx.fragment(" → ", rx.el.b(one.asked)), rx.fragment()),
        ),
        rx.el.td(one.note, class_name="mut"),
        rx.el.td(
            rx.el.span(one.outcome, class_name=f"o-{one.kind}"),
            rx.cond(
                one.tick != "",
                rx.el.button(one.act, type="button", class_name="line-act", custom_attrs={"data-tick": one.tick}),
            ),
        ),
        key=f"{one.line}.{one.outcome}",
    )


def _spacings(found: rx.Var[Forecast]) -> rx.Component:
    return rx.el.div(
        rx.el.h3(w("spacings")),
        rx.el.button(
            w("merge_them"), type="button", class_name="line-act", custom_attrs={"data-tick": "merge_spacing"}
        ),
        rx.el.ul(rx.foreach(found.spacings, lambda one: rx.el.li(one, key=one)), class_name="spaced"),
        rx.cond(found.more_spacings != "", rx.el.p(found.more_spacings, class_name="dim")),
        class_name="spacing-groups",
    )
