"""Above the table of results: search, filters, what came since, columns and kept views."""

from collections.abc import Mapping

import reflex as rx

from app.web.choosing import Choosing
from app.web.columns import Choice
from app.web.components import saved
from app.web.components.basics import icon, link
from app.web.components.popover import popover
from app.web.filters import PART, PARTS, SIGNS, SOURCE, STATES, Chip
from app.web.state import w


def bar(table: type[Choosing]) -> rx.Component:
    """The row of tools; ``table`` is the state of the table's tab."""
    return rx.el.div(
        _search(table),
        rx.foreach(table.chips, _chip),
        popover("add-filter", "plus", w("add_filter"), _filter(table), class_name="filt"),
        rx.el.div(
            rx.cond(
                table.newer != "",
                rx.el.button(
                    rx.el.span(table.newer),
                    rx.el.b(w("show_newer")),
                    type="button",
                    class_name="newer",
                    on_click=table.renew,
                ),
            ),
            role="status",
            class_name="newer-at",
        ),
        rx.el.button(
            icon("copy"),
            type="button",
            class_name="btn q square",
            title=w("copy_page"),
            custom_attrs={"data-copy": "", "aria-label": w("copy_page")},
        ),
        popover("pick-columns", "columns-3", w("table_columns"), _columns(table)),
        saved.popover_of_views(),
        class_name="tools",
    )


def _search(table: type[Choosing]) -> rx.Component:
    """Its text is the browser's while it is typed; where the address changes by itself, `assets/results.js` follows."""
    return rx.el.div(
        icon("search"),
        rx.el.input(
            type="search",
            id="row-search",
            class_name="inp",
            default_value=table.q,
            placeholder=w("search_rows"),
            on_change=table.search.debounce(250),
            auto_complete="off",
            spell_check=False,
            custom_attrs={
                "aria-label": w("search_rows_label"),
                "data-q": table.q,
                "data-search": "",
                "enterKeyHint": "search",
            },
        ),
        class_name="find-rows",
    )


def _chip(one: rx.Var[Chip]) -> rx.Component:
    return rx.el.span(
        rx.el.span(one.text, class_name="chip-word"),
        link(
            icon("x", 14),
            to=one.href,
            prevent_scroll_reset=True,
            custom_attrs={"aria-label": rx.Var.create(f"{w('remove_filter')}: {one.text}")},
        ),
        class_name="filt on",
        title=one.text,
        key=one.text,
    )


def _filter(table: type[Choosing]) -> rx.Component:
    return rx.el.form(
        rx.el.label(
            rx.el.span(w("filter_column")),
            rx.el.select(
                rx.foreach(table.choices, lambda one: rx.cond(one.text, rx.fragment(), _option(one))),
                name="column",
                class_name="inp",
            ),
            class_name="field",
        ),
        rx.el.label(
            rx.el.span(w("filter_condition")),
            rx.el.select(
                rx.el.option(w("filter_states"), value=":"),
                *[rx.el.option(drawn, value=sign) for sign, drawn in SIGNS.items()],
                name="is",
                class_name="inp",
            ),
            class_name="field",
        ),
        _states(SOURCE, STATES, "for-states of-sources"),
        _states(PART, PARTS, "for-states of-parts"),
        rx.el.label(
            rx.el.span(w("filter_number")),
            rx.el.input(name="number", class_name="inp num", input_mode="decimal", auto_complete="off"),
            class_name="field for-number",
        ),
        rx.cond(table.refusal != "", rx.el.p(table.refusal, class_name="wrong", role="alert")),
        rx.el.button(w("apply"), type="submit", class_name="btn p wide"),
        on_submit=table.add_filter,
        class_name="pop-form",
    )


def _option(one: rx.Var[Choice]) -> rx.Component:
    return rx.el.option(one.title, value=one.name, key=one.name, class_name=rx.Var.create(f"is-{one.kind}"))


def _states(group: str, states: Mapping[str, str], class_name: str) -> rx.Component:
    ticks = [
        rx.el.label(
            rx.el.input(type="checkbox", name=f"{group}{state}", class_name="tick"),
            rx.el.span(w(key)),
            class_name="opt",
        )
        for state, key in states.items()
    ]
    return rx.el.fieldset(rx.el.legend(w("filter_states"), class_name="sr"), *ticks, class_name=class_name)


def _columns(table: type[Choosing]) -> rx.Component:
    return rx.fragment(
        rx.el.ul(rx.foreach(table.choices, lambda one: _choice(one, table)), class_name="pick-list"),
        rx.el.button(w("all_columns"), type="button", class_name="btn wide", on_click=table.show_all),
    )


def _choice(one: rx.Var[Choice], table: type[Choosing]) -> rx.Component:
    return rx.el.li(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                class_name="tick",
                checked=one.shown,
                disabled=one.fixed,
                on_change=table.toggle(one.name).stop_propagation,
            ),
            rx.el.span(one.title, class_name="chip-word"),
            class_name=f"opt o-{one.kind}",
            title=one.name,
        ),
        _move("chevron-up", "column_left", one, -1, one.first, table),
        _move("chevron-down", "column_right", one, 1, one.last, table),
        key=one.name,
    )


def _move(drawn: str, key: str, one: rx.Var[Choice], by: int, end: rx.Var[bool], table: type[Choosing]) -> rx.Component:
    return rx.el.button(
        icon(drawn, 14),
        type="button",
        class_name="btn q square",
        disabled=~one.shown | end,
        on_click=table.move(one.name, by),
        custom_attrs={"aria-label": rx.Var.create(f"{w(key)}: {one.title}")},
    )
