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

#: Whom the drop zone tells its files; its button clicks the input in it (assets/keybatch.js).
ZONE = "given"


def zone(*children: rx.Component, changed: rx.event.EventType[()]) -> rx.Component:
    """Where a file may be dropped, around ``children``. ``changed`` hears that there is another one."""
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
        on_drop=[Given.receive(rx.upload_files_chunk(upload_id=ZONE)), changed],
        on_drop_rejected=_refused,
        drag_active_style={},
        class_name="panel given",
    )


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


def table(changed: rx.event.EventType[()]) -> rx.Component:
    """What was given, if it is more than lines; why it could not be taken."""
    return rx.el.div(
        rx.cond(Given.problem != "", rx.el.div(notice("fail", Given.problem), class_name="file-wrong")),
        rx.cond(Given.loading, rx.el.p(w("file_loading"), class_name="file-loading", role="status")),
        rx.cond(
            Given.table.shown,
            rx.el.section(
                _head(changed),
                _corrections(changed),
                _picker(changed),
                class_name="table-given",
                custom_attrs={"aria-labelledby": "given-name"},
            ),
        ),
        custom_attrs={"aria-live": "polite"},
    )


def _head(changed: rx.event.EventType[()]) -> rx.Component:
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
                on_click=[Given.remove, changed],
            ),
        ),
        class_name="given-head",
    )


def _corrections(changed: rx.event.EventType[()]) -> rx.Component:
    found = Given.table
    delimiters = [(name, w(f"delimiter_{name}")) for name in DELIMITERS]
    return rx.el.div(
        rx.cond(
            found.text & found.file,
            _select("encoding", found.encoding, [(name, TITLES[name]) for name in ENCODINGS], changed),
        ),
        rx.cond(found.text, _select("delimiter", found.delimiter, delimiters, changed)),
        rx.cond(
            found.sheets.length() > 1,
            _field("sheet", found.sheet, rx.foreach(found.sheets, lambda one: rx.el.option(one, value=one)), changed),
        ),
        _select("header", found.header, [("yes", w("header_yes")), ("no", w("header_no"))], changed),
        class_name="corrections",
    )


def _select(
    what: str, chosen: rx.Var[str], options: list[tuple[str, rx.Var[str] | str]], changed: rx.event.EventType[()]
) -> rx.Component:
    drawn = rx.fragment(*[rx.el.option(title, value=value) for value, title in options])
    return _field(what, chosen, drawn, changed)


def _field(what: str, chosen: rx.Var[str], options: rx.Component, changed: rx.event.EventType[()]) -> rx.Component:
    return rx.el.label(
        rx.el.span(w(what)),
        rx.el.select(
            options,
            value=chosen,
            on_change=[lambda value: Given.choose(what, value), changed],
            class_name="inp",
        ),
        class_name="field",
    )


def _picker(changed: rx.event.EventType[()]) -> rx.Component:
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
                rx.el.thead(rx.el.tr(rx.foreach(found.columns, lambda column: _column(column, changed)))),
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


def _column(column: rx.Var[ColumnShown], changed: rx.event.EventType[()]) -> rx.Component:
    return rx.el.th(
        rx.el.button(
            rx.cond(column.picked, icon("circle-dot", 13), icon("circle", 13)),
            rx.el.span(column.title),
            rx.cond(column.picked, rx.el.span(w("keyword"), class_name="tag"), rx.fragment()),
            type="button",
            on_click=[Given.choose("column", column.number.to_string()), changed],
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
