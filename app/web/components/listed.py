"""The list of batches: its filters, its table and its pager. They know no page."""

from typing import Any

import reflex as rx

from app.web.components.basics import bar, chip, icon, link
from app.web.listed import Chip, Filters, Line, Switch, Tag
from app.web.state import Ui, w

Do = Any  # an event handler


def filters(shown: rx.Var[Filters], serial: rx.Var[int], *, search: Do, narrow: Do, days: Do) -> rx.Component:
    """Everything to filter by, and what is filtered by."""
    return rx.el.section(
        rx.el.div(
            _search(shown, serial, search),
            _unfold(),
            rx.el.div(_selects(shown, narrow), _days(shown, days), class_name="fl-extra", id="fl-extra"),
            class_name="fl-row",
        ),
        rx.el.div(
            rx.el.ul(
                rx.foreach(shown.switches, _switch), class_name="fl-states", custom_attrs={"aria-label": w("state")}
            ),
            rx.cond(
                shown.filtered,
                rx.el.ul(
                    rx.foreach(shown.chips, _chip),
                    rx.el.li(link(w("list_clear"), to="/batches", class_name="fl-clear")),
                    class_name="fl-chips",
                    custom_attrs={"aria-label": w("filters_set")},
                ),
            ),
            class_name="fl-row",
        ),
        class_name="fl",
        custom_attrs={"aria-label": w("list_filters")},
    )


def _search(shown: rx.Var[Filters], serial: rx.Var[int], search: Do) -> rx.Component:
    return rx.el.label(
        icon("search"),
        rx.el.span(w("search_by_name"), class_name="sr"),
        rx.el.input(
            type="search",
            default_value=shown.now["q"],
            placeholder=w("search_by_name"),
            on_change=search.debounce(300),
            auto_complete="off",
            spell_check=False,
            max_length=200,
            class_name="inp",
            id="batch-search",
            custom_attrs={"data-search": ""},
            key=serial.to_string(),
        ),
        class_name="fl-search",
    )


def _unfold() -> rx.Component:
    """On a phone the other filters are folded away; the browser unfolds them by itself."""
    return rx.el.button(
        icon("sliders-horizontal"),
        w("list_filters"),
        type="button",
        class_name="btn fl-unfold",
        custom_attrs={"aria-expanded": "false", "aria-controls": "fl-extra"},
    )


def _selects(shown: rx.Var[Filters], narrow: Do) -> rx.Component:
    times = [rx.el.option(w(f"time_{time}"), value=time) for time in ("today", "7d", "30d")]
    return rx.fragment(
        _select(
            "source", "any_source", shown, narrow, rx.foreach(shown.sources, lambda one: _option(one.value, one.label))
        ),
        _select("owner", "any_owner", shown, narrow, rx.foreach(shown.owners, lambda one: _option(one, one))),
        _select("tag", "any_tag", shown, narrow, rx.foreach(shown.tags, lambda one: _option(one, one))),
        _select("time", "any_time", shown, narrow, *times),
    )


def _select(part: str, any_of: str, shown: rx.Var[Filters], narrow: Do, *options: rx.Component) -> rx.Component:
    return rx.el.select(
        rx.el.option(w(any_of), value=""),
        *options,
        value=shown.now[part],
        on_change=lambda value: narrow(part, value),
        class_name=rx.cond(shown.now[part] != "", "inp fl-select on", "inp fl-select"),
        custom_attrs={"aria-label": w(f"by_{part}")},
    )


def _option(value: rx.Var[str], label: rx.Var[str]) -> rx.Component:
    return rx.el.option(label, value=value, key=value)


def _days(shown: rx.Var[Filters], days: Do) -> rx.Component:
    """From a day to a day."""
    fields = [
        rx.el.label(
            rx.el.span(w(f"by_{name}")),
            rx.el.input(type="date", name=name, default_value=shown.now[name], class_name="inp"),
            class_name="field",
        )
        for name in ("from", "to")
    ]
    return rx.el.details(
        rx.el.summary(icon("calendar-range"), w("list_days"), class_name="btn"),
        rx.el.form(
            *fields,
            rx.el.button(w("apply"), type="submit", class_name="btn p"),
            on_submit=days,
            class_name="panel fl-days",
            key=f"{shown.now['from']} {shown.now['to']}",
        ),
        class_name="fl-more",
        custom_attrs={"data-menu": ""},
    )


def _switch(one: rx.Var[Switch]) -> rx.Component:
    return rx.el.li(
        link(
            one.label,
            rx.cond(one.on, icon("x", 13)),
            to=one.href,
            class_name=rx.cond(one.on, "filt on", "filt"),
            custom_attrs={"aria-current": rx.cond(one.on, "true", "false")},
        ),
        key=one.state,
    )


def _chip(one: rx.Var[Chip]) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(one.label, class_name="fl-part"),
            rx.el.b(one.value),
            icon("x", 13),
            rx.el.span(w("list_drop_filter"), class_name="sr"),
            to=one.href,
            class_name="filt on",
            title=w("list_drop_filter"),
        ),
        key=one.part,
    )


def table(lines: rx.Var[list[Line]], chosen: rx.Var[list[int]], *, choose: Do, choose_page: Do) -> rx.Component:
    """The batches. Who may do nothing to them has nothing to choose them with."""
    heads = [
        (w("name"), "c-name"),
        (w("state"), "c-state"),
        (w("progress"), "c-bar"),
        (rx.el.span(w("percent_done"), class_name="sr"), "c-percent"),
        (w("lookups"), "num c-lookups"),
        (w("failures"), "num c-fails"),
        (w("list_end"), "num c-end"),
        (w("by_owner"), "c-owner"),
        (w("submitted"), "num c-when"),
    ]
    whole = rx.el.input(
        type="checkbox",
        checked=chosen.length() == lines.length(),
        on_change=lambda _: choose_page(),
        class_name="tick",
        custom_attrs={"aria-label": w("choose_page")},
    )
    return rx.el.div(
        rx.el.table(
            rx.el.caption(w("batches"), class_name="sr"),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(rx.cond(_may, whole), class_name="c-pick", scope="col"),
                    *[rx.el.th(text, class_name=look, scope="col") for text, look in heads],
                )
            ),
            rx.el.tbody(rx.foreach(lines, lambda one: _row(one, chosen, choose))),
            class_name="list bl",
        ),
        class_name="panel bl-panel",
    )


_may = Ui.scopes.contains("submit")


def _row(one: rx.Var[Line], chosen: rx.Var[list[int]], choose: Do) -> rx.Component:
    on = chosen.contains(one.id)
    pick = rx.el.input(
        type="checkbox",
        checked=on,
        on_change=lambda _: choose(one.id),
        class_name="tick",
        custom_attrs={"aria-label": f"{w('list_choose')}: {one.name}"},
    )
    return rx.el.tr(
        rx.el.td(rx.cond(_may, pick), class_name="c-pick"),
        rx.el.th(
            rx.el.div(
                link(one.name, to=one.address, class_name="name", title=f"#{one.id} {one.name}"),
                rx.el.span(rx.foreach(one.tags, _tag), class_name="tags"),
                class_name="named",
            ),
            class_name="c-name",
            scope="row",
        ),
        rx.el.td(rx.el.span(chip(one.state, one.label), title=one.hint), class_name="c-state"),
        rx.el.td(bar(one.parts, one.percent, w("progress")), class_name="c-bar"),
        rx.el.td(one.percent, class_name="num c-percent"),
        rx.el.td(one.done, rx.el.span(f" / {one.total}", class_name="dim"), class_name="num c-lookups"),
        rx.el.td(_fails(one), class_name="num c-fails"),
        rx.el.td(
            rx.cond(one.expected, rx.el.span(w("list_expected"), " ", class_name="dim")),
            rx.el.span(one.end),
            class_name=rx.cond(
                one.expected, "num c-end", rx.cond(one.end == "–", "num dim c-end none", "num mut c-end")
            ),
            title=one.why,
        ),
        rx.el.td(one.owner, class_name="mut c-owner", title=one.owner),
        rx.el.td(one.when, class_name="num mut c-when", title=one.stamp),
        class_name=rx.cond(on, "sel", ""),
        key=one.id,
    )


def _fails(one: rx.Var[Line]) -> rx.Component:
    return rx.cond(
        one.failed != "",
        link(
            one.failed,
            rx.el.span(w("failures"), class_name="unit"),
            to=f"{one.address}?tab=failures",
            class_name="c-failed",
        ),
        rx.el.span("0", class_name="dim none"),
    )


def _tag(one: rx.Var[Tag]) -> rx.Component:
    return link(one.text, to=one.href, class_name="tagged", title=one.text, key=one.text)


def pager(newer: rx.Var[str], older: rx.Var[str]) -> rx.Component:
    """The ways to the pages before and after."""
    return rx.el.nav(
        rx.cond(newer != "", link(icon("arrow-up", 14), w("list_newer"), to=newer, class_name="btn")),
        rx.cond(older != "", link(w("older"), icon("arrow-down", 14), to=older, class_name="btn")),
        class_name="pager-out",
        custom_attrs={"aria-label": w("pages")},
    )
