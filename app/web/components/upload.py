"""A file or a table as the form for a new batch shows it: where it is dropped, what it is taken for, which column holds
the keywords."""

from typing import Any

import reflex as rx
from reflex.event import EventSpec

from app.services.texts import ENCODINGS
from app.web.components.basics import icon, notice
from app.web.given import Given
from app.web.state import w
from app.web.uploads import DELIMITERS, MAX_BYTES, TITLES, ColumnShown, RowShown

#: Whom the drop zone tells its files; its button clicks the input in it (assets/new.js).
ZONE = "given"
#: What Reflex calls the files that were dropped, in the script that it makes of an event.
_FILES = "_ev_0"


def zone(*children: rx.Component) -> rx.Component:
    """Where a file may be dropped, around ``children``."""
    return rx.upload.root(
        *children,
        rx.el.div(
            icon("file-down", 20), rx.el.span(w("drop_here")), class_name="drop", custom_attrs={"aria-hidden": "true"}
        ),
        id=ZONE,
        multiple=False,
        max_size=MAX_BYTES,
        no_click=True,
        no_keyboard=True,
        # The browser sends them by itself (assets/new.js), to whichever web process answers.
        on_drop=rx.call_function(f"() => window.keybatchNew.give({_FILES})"),
        on_drop_rejected=_refused,
        drag_active_style={},
        class_name="panel given",
    )


def taking() -> rx.Component:
    """What the script fills in once a file is there."""
    fields = [rx.el.input(type="hidden", name=name) for name in ("kept", "name", "how")]
    return rx.el.form(*fields, id="give", on_submit=Given.take, hidden=True)


def _refused(files: rx.Var[list[dict[str, Any]]]) -> EventSpec:
    """Tells the reason only: the files themselves would go along, through the live socket."""
    errors = files[0]["errors"].to(list[dict[str, str]])
    return Given.refuse(errors[0]["code"])


def chooser() -> rx.Component:
    """The button that chooses a file."""
    return rx.el.button(
        icon("file-up", 14),
        rx.cond(Given.table.file, w("choose_other"), w("choose_file")),
        type="button",
        disabled=Given.loading,
        class_name="btn choose",
        custom_attrs={"data-choose": ZONE},
    )


def table() -> rx.Component:
    """What was given, if it is more than lines; why it could not be taken."""
    return rx.el.div(
        rx.cond(Given.problem != "", rx.el.div(notice("fail", Given.problem), class_name="file-wrong")),
        rx.el.p(w("file_loading"), class_name="on-its-way", role="status"),
        rx.cond(Given.loading, rx.el.p(w("file_loading"), class_name="file-loading", role="status")),
        rx.cond(
            Given.table.shown,
            rx.el.section(
                _head(),
                _corrections(),
                _picker(),
                class_name="table-given",
                custom_attrs={"aria-labelledby": "given-name"},
            ),
        ),
        custom_attrs={"aria-live": "polite"},
    )


def _head() -> rx.Component:
    found = Given.table
    return rx.el.div(
        rx.el.div(
            rx.el.h3(icon("table", 14), rx.cond(found.file, found.name, w("pasted_table")), id="given-name"),
            rx.el.p(found.about, class_name="mut"),
            rx.cond(found.file, rx.el.p(w("text_stays"), class_name="text-stays")),
            class_name="given-about",
        ),
        rx.cond(
            found.file,
            rx.el.button(
                icon("x", 14),
                w("remove_file"),
                type="button",
                class_name="btn q",
                on_click=Given.remove,
            ),
        ),
        class_name="given-head",
    )


def _corrections() -> rx.Component:
    found = Given.table
    delimiters = [(name, w(f"delimiter_{name}")) for name in DELIMITERS]
    return rx.el.div(
        rx.cond(
            found.text & found.file,
            _select("encoding", found.encoding, [(name, TITLES[name]) for name in ENCODINGS]),
        ),
        rx.cond(found.text, _select("delimiter", found.delimiter, delimiters)),
        rx.cond(
            found.sheets.length() > 1,
            _field("sheet", found.sheet, rx.foreach(found.sheets, lambda one: rx.el.option(one, value=one))),
        ),
        _select("header", found.header, [("yes", w("header_yes")), ("no", w("header_no"))]),
        class_name="corrections",
    )


def _select(what: str, chosen: rx.Var[str], options: list[tuple[str, rx.Var[str] | str]]) -> rx.Component:
    drawn = rx.fragment(*[rx.el.option(title, value=value) for value, title in options])
    return _field(what, chosen, drawn)


def _field(what: str, chosen: rx.Var[str], options: rx.Component) -> rx.Component:
    return rx.el.label(
        rx.el.span(w(what)),
        rx.el.select(
            options,
            value=chosen,
            on_change=lambda value: Given.choose(what, value),
            class_name="inp",
        ),
        class_name="field",
    )


def _picker() -> rx.Component:
    """The first rows; the heads of the columns pick that of the keywords."""
    found = Given.table
    return rx.fragment(
        rx.cond(
            found.columns.length() > 1,
            rx.el.p(rx.el.b(w("pick_column")), " ", w("others_kept"), id="pick-column", class_name="pick"),
        ),
        rx.el.div(
            rx.el.table(
                rx.el.caption(w("sample"), class_name="sr"),
                rx.el.thead(rx.el.tr(rx.foreach(found.columns, _column))),
                rx.el.tbody(rx.foreach(found.rows, _row)),
                class_name="sample",
            ),
            class_name="scroll",
            tab_index=0,
            role="region",
            custom_attrs={"aria-label": w("sample")},
        ),
        rx.cond(found.rows.length() == 0, rx.el.p(w("no_rows"), class_name="mut given-note")),
        rx.cond(found.more != "", rx.el.p(found.more, class_name="dim given-note")),
    )


def _column(column: rx.Var[ColumnShown]) -> rx.Component:
    return rx.el.th(
        rx.el.button(
            rx.cond(column.picked, icon("circle-dot", 13), icon("circle", 13)),
            rx.el.span(column.title),
            rx.cond(column.picked, rx.el.span(w("keyword"), class_name="tag"), rx.fragment()),
            type="button",
            on_click=Given.choose("column", column.number.to_string()),
            class_name="col-pick",
            custom_attrs={"aria-pressed": rx.cond(column.picked, "true", "false")},
        ),
        scope="col",
        class_name=rx.cond(column.picked, "picked", ""),
        key=column.number,
    )


def _row(row: rx.Var[RowShown]) -> rx.Component:
    return rx.el.tr(
        rx.foreach(row.cells, lambda cell: rx.el.td(cell.text, class_name=rx.cond(cell.picked, "picked", ""))),
        key=row.number,
    )
