"""The results: one row an item, one typed cell a lookup, and the way through them."""

import reflex as rx

from app.web.columns import Column
from app.web.components.basics import empty, icon, link, notice, skeleton_lines
from app.web.state import w
from app.web.table import CellShown, RowShown

_ICONS = {"failed": "triangle-alert", "cancelled": "ban", "withheld": "eye-off"}
Table = type[rx.State]


def body(table: Table) -> rx.Component:
    """The table with its pager, or what stands in its place; ``table`` is the state of its tab."""
    return rx.el.div(
        rx.match(
            table.phase,
            ("loading", rx.el.div(skeleton_lines(12), custom_attrs={"aria-label": w("loading")})),
            ("bad", _bad(table)),
            ("unread", notice("fail", rx.el.strong(w("unread_title")), rx.el.p(table.problem, " ", w("retrying")))),
            rx.fragment(
                rx.cond(table.problem != "", notice("wait", table.problem, " ", w("retrying"))),
                rx.cond(table.nothing_read, rx.el.p(icon("clock", 14), w("nothing_read"), class_name="not-yet")),
                rx.cond(table.rows.length() > 0, _scroll(table), _nothing(table)),
                _pager(table),
            ),
        ),
        class_name=rx.cond(table.busy, "panel table-panel busy", "panel table-panel"),
        custom_attrs={"aria-busy": rx.cond(table.busy, "true", "false")},
    )


def _bad(table: Table) -> rx.Component:
    clear = link(w("plain_table"), to=table.untouched, class_name="btn p")
    return empty("filter-x", w("bad_view_title"), table.problem, clear)


def _nothing(table: Table) -> rx.Component:
    cleared = link(w("clear_filters"), to=table.plain, class_name="btn p", prevent_scroll_reset=True)
    begin = link(w("first_page"), to=table.plain, class_name="btn p", prevent_scroll_reset=True)
    return rx.cond(
        table.narrows,
        empty("search-x", w("nothing_matches"), w("nothing_matches_body"), cleared),
        empty("list-end", w("beyond_the_end"), w("beyond_the_end_body"), begin),
    )


def _scroll(table: Table) -> rx.Component:
    return rx.el.div(
        rx.el.table(
            rx.el.caption(w("results"), class_name="sr"),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(
                        rx.el.input(
                            type="checkbox",
                            class_name="tick",
                            id="pick-page",
                            custom_attrs={"aria-label": w("pick_page")},
                        ),
                        class_name="c-pick",
                        scope="col",
                    ),
                    _head(table.items[0], rx.Var.create("#"), "num c-id", w("row_number")),
                    _head(table.items[1], w("keyword"), "c-kw", w("keyword")),
                    rx.foreach(table.columns, lambda one: _head(one, one.title, f"num h-{one.kind}", one.name)),
                )
            ),
            rx.el.tbody(rx.foreach(table.rows, lambda row: _row(row, table))),
            class_name="results",
            custom_attrs={"data-first": table.at},
        ),
        class_name="results-scroll",
        id="results",
        tab_index=0,
        role="region",
        custom_attrs={"aria-label": w("results")},
    )


def _head(one: rx.Var[Column], title: rx.Var[str], class_name: str | rx.Var[str], hint: rx.Var[str]) -> rx.Component:
    turned = rx.match(
        one.direction,
        ("descending", icon("arrow-down", 13)),
        ("ascending", icon("arrow-up", 13)),
        rx.el.span(icon("chevrons-up-down", 13), class_name="unsorted"),
    )
    return rx.el.th(
        rx.cond(
            one.href != "",
            link(rx.el.span(title, class_name="h-word"), turned, to=one.href, prevent_scroll_reset=True),
            rx.el.span(title, class_name="h-word"),
        ),
        class_name=class_name,
        scope="col",
        title=hint,
        key=one.name,
        custom_attrs={"aria-sort": one.direction},
    )


def _row(first: rx.Var[RowShown], table: Table) -> rx.Component:
    row = rx.cond(table.news.contains(first.key), table.news[first.key], first).to(RowShown)
    is_open = table.row == first.key
    return rx.el.tr(
        rx.el.td(
            rx.el.input(
                type="checkbox",
                class_name="tick",
                tab_index=-1,
                custom_attrs={"aria-label": rx.Var.create(f"{w('pick_row')}: {first.keyword}"), "data-pick": first.key},
            ),
            class_name="c-pick",
        ),
        rx.el.td(first.number, class_name="num dim c-id"),
        rx.el.th(
            link(
                first.keyword,
                to=rx.Var.create(f"{table.at}{first.key}"),
                replace=table.row != "",
                prevent_scroll_reset=True,
                class_name="kw-text",
                tab_index=-1,
            ),
            rx.cond(first.merged != "", rx.el.small(first.merged, class_name="again", title=w("merged"))),
            scope="row",
            class_name="c-kw",
            title=first.title,
        ),
        rx.foreach(table.columns, lambda one: _cell(row.cells[one.index], one)),
        class_name=rx.cond(is_open, "open", ""),
        key=first.key,
        custom_attrs={"data-row": first.key},
    )


def _cell(cell: rx.Var[CellShown], one: rx.Var[Column]) -> rx.Component:
    drawn = [(kind, icon(name, 14)) for kind, name in _ICONS.items()]
    return rx.el.td(
        rx.cond(
            cell.kind == "pending",
            rx.el.span(rx.el.span(w("pending"), class_name="sr"), class_name="sk"),
            rx.fragment(
                rx.match(cell.kind, *drawn, rx.cond(cell.cached, icon("history", 14))),
                rx.cond(cell.note != "", rx.el.small(cell.note, class_name="band")),
                rx.el.span(cell.text, class_name="v"),
            ),
        ),
        class_name=rx.Var.create(
            f"num c-{cell.kind} h-{one.kind}{rx.cond(cell.cached, ' c-cached', '')}{rx.cond(cell.fresh, ' fresh', '')}"
        ),
        title=cell.title,
        key=rx.Var.create(f"{one.name}.{cell.seq}"),
        custom_attrs={"data-v": cell.plain},
    )


def _pager(table: Table) -> rx.Component:
    steps = table.steps
    return rx.el.nav(
        rx.el.span(table.span, class_name="num"),
        rx.el.span(w("table_keys"), class_name="row-keys dim"),
        rx.cond(
            table.numbered,
            rx.el.form(
                rx.el.label(
                    rx.el.span(w("go_to_row")),
                    rx.el.input(name="number", class_name="inp num", input_mode="numeric", auto_complete="off"),
                ),
                on_submit=table.go_to,
                class_name="go-to",
            ),
        ),
        rx.el.div(
            _step("first_page", steps.first, "chevrons-left"),
            _step("previous_page", steps.previous, "chevron-left"),
            _step("next_page", steps.next, "chevron-right"),
            rx.cond(table.numbered, _step("last_page", steps.last, "chevrons-right")),
            class_name="steps",
        ),
        class_name="pager",
        custom_attrs={"aria-label": w("pages")},
    )


def _step(key: str, to: rx.Var[str], drawn: str) -> rx.Component:
    name = rx.el.span(w(key), class_name="sr")
    return rx.cond(
        to != "",
        link(
            icon(drawn),
            name,
            to=to,
            class_name="btn square",
            prevent_scroll_reset=True,
            title=w(key),
            custom_attrs={"data-step": key},
        ),
        rx.el.span(icon(drawn), class_name="btn square off", custom_attrs={"aria-hidden": "true"}),
    )
