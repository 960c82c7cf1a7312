"""The results: one row an item, one typed cell a lookup, and the way through them."""

import reflex as rx

from app.web.components.basics import icon, link
from app.web.state import w
from app.web.table import CellShown, Column, RowShown


def panel(
    *,
    address: rx.Var[str],
    columns: rx.Var[list[Column]],
    rows: rx.Var[list[RowShown]],
    newest: rx.Var[bool],
    pager: rx.Component,
) -> rx.Component:
    """The table under its two orders; ``address`` is the batch's."""
    return rx.fragment(
        rx.el.div(
            _order("by_position", address, ~newest),
            _order("newest_first", rx.Var.create(f"{address}?view=newest"), newest),
            class_name="tabs",
        ),
        rx.el.div(
            rx.cond(
                rows.length() > 0,
                rx.el.div(_table(columns, rows), class_name="scroll"),
                rx.el.p(w("nothing_read"), class_name="nothing"),
            ),
            pager,
            class_name="panel",
        ),
    )


def _order(key: str, to: rx.Var[str], on: rx.Var[bool]) -> rx.Component:
    return link(
        w(key),
        to=to,
        class_name=rx.cond(on, "tab on", "tab"),
        prevent_scroll_reset=True,
        custom_attrs={"aria-current": rx.cond(on, "true", "false")},
    )


def pager(span: rx.Var[str], places: rx.Var[dict[str, str]], newest: rx.Var[bool]) -> rx.Component:
    """Which rows these are, and the steps to the others; the newest rows are one page."""
    return rx.el.nav(
        rx.el.span(span, class_name="num"),
        rx.cond(
            newest,
            rx.fragment(),
            rx.el.div(
                _step("first_page", places["first"], "chevrons-left"),
                _step("previous_page", places["previous"], "chevron-left"),
                _step("next_page", places["next"], "chevron-right"),
                _step("last_page", places["last"], "chevrons-right"),
                class_name="steps",
            ),
        ),
        class_name="pager",
        custom_attrs={"aria-label": w("pages")},
    )


def _step(key: str, to: rx.Var[str], drawn: str) -> rx.Component:
    name = rx.el.span(w(key), class_name="sr")
    return rx.cond(
        to != "",
        link(icon(drawn), name, to=to, class_name="btn square", prevent_scroll_reset=True, title=w(key)),
        rx.el.span(icon(drawn), class_name="btn square off", custom_attrs={"aria-hidden": "true"}),
    )


def _table(columns: rx.Var[list[Column]], rows: rx.Var[list[RowShown]]) -> rx.Component:
    return rx.el.table(
        rx.el.caption(w("results"), class_name="sr"),
        rx.el.thead(
            rx.el.tr(
                rx.el.th("#", class_name="num c-id", scope="col"),
                rx.el.th(w("keyword"), class_name="c-kw", scope="col"),
                rx.foreach(columns, _head),
            )
        ),
        rx.el.tbody(rx.foreach(rows, _row)),
        class_name=rx.cond(columns.length() > 4, "results many", "results"),
        style={"--columns": columns.length()},
    )


def _head(one: rx.Var[Column]) -> rx.Component:
    return rx.el.th(one.title, class_name=f"num h-{one.kind}", scope="col", title=one.name, key=one.name)


def _row(row: rx.Var[RowShown]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.number, class_name="num dim c-id"),
        rx.el.th(
            rx.el.span(row.keyword, class_name="kw-text"),
            rx.cond(row.merged != "", rx.el.small(row.merged, class_name="again", title=w("merged"))),
            scope="row",
            class_name="c-kw",
            title=row.title,
        ),
        rx.foreach(row.cells, _cell),
        class_name=rx.cond(row.fresh, "new", ""),
        key=row.key,
    )


def _cell(cell: rx.Var[CellShown], index: rx.Var[int]) -> rx.Component:
    return rx.el.td(
        rx.match(
            cell.kind,
            ("pending", rx.el.span(rx.el.span(w("pending"), class_name="sr"), class_name="sk")),
            ("failed", rx.fragment(icon("triangle-alert", 14), rx.el.span(cell.text))),
            rx.fragment(
                rx.cond(cell.cached, icon("history", 14)),
                rx.cond(cell.note != "", rx.el.small(cell.note, class_name="band")),
                rx.el.span(cell.text),
            ),
        ),
        class_name=rx.cond(cell.cached, f"num c-{cell.kind} c-cached", f"num c-{cell.kind}"),
        title=cell.title,
        key=index,
    )
