"""What is done with rows: the selected ones are copied; with all that match, failures are asked again, an export or a
new batch is made. Which rows are selected is the browser's affair (`assets/results.js`)."""

from typing import Any

import reflex as rx

from app.web.choosing import Choosing
from app.web.components.basics import icon, link, notice
from app.web.components.popover import popover
from app.web.picked import SOURCE, Offered, PickedState
from app.web.state import Ui, w

#: Name, word and what the route is asked for.
_FORMATS = (
    ("CSV", "format_csv", "format=csv&bom=1"),
    ("XLSX", "format_xlsx", "format=xlsx"),
    ("JSON Lines", "format_jsonl", "format=jsonl"),
    ("Parquet", "format_parquet", "format=parquet"),
)


def bar(table: type[Choosing]) -> rx.Component:
    """What can be done with the selected rows; there while some are."""
    may = Ui.scopes.contains("submit")
    return rx.el.div(
        rx.el.div(
            rx.el.b(rx.el.output(), " ", w("rows_picked"), class_name="p-some"),
            rx.el.b(w("all_matching_picked"), " ", table.matched, class_name="p-all num"),
            rx.el.button(
                icon("copy"), w("copy_rows"), type="button", class_name="btn p-some", custom_attrs={"data-copy": ""}
            ),
            rx.el.button(
                w("pick_all_matching"),
                " ",
                table.matched,
                type="button",
                class_name="btn q p-some",
                custom_attrs={"data-pick-all": ""},
            ),
            rx.el.span(
                rx.cond(may, _act("rotate-cw", "retry_failed_rows", PickedState.ask_retry)),
                popover("export-rows", "download", w("export_rows"), _exports(table), class_name="btn"),
                rx.cond(may, _act("plus", "batch_of_rows", PickedState.ask_batch)),
                class_name="p-all acts",
            ),
            rx.el.button(
                icon("x"),
                type="button",
                class_name="btn q square",
                title=w("unpick"),
                custom_attrs={"data-unpick": "", "aria-label": w("unpick")},
            ),
            id="picked",
            class_name="picked",
            hidden=True,
            role="toolbar",
            custom_attrs={"aria-label": w("rows_picked")},
        ),
        rx.el.p(
            id="copied",
            class_name="copied",
            role="status",
            custom_attrs={"data-said": w("rows_copied"), "data-failed": w("rows_not_copied")},
        ),
        rx.match(PickedState.asks, ("retry", _sure()), ("batch", _batch()), rx.fragment()),
    )


def _act(drawn: str, key: str, do: Any) -> rx.Component:
    return rx.el.button(icon(drawn), w(key), type="button", class_name="btn", on_click=do)


def _exports(table: type[Choosing]) -> rx.Component:
    return rx.el.ul(
        *[
            rx.el.li(
                link(
                    rx.el.b(name),
                    rx.el.small(w(key), class_name="dim"),
                    to=rx.Var.create(f"{table.export}&{wanted}"),
                    reload_document=True,  # the browser's own download, not a page of this house
                    download=True,
                    class_name="view-name",
                )
            )
            for name, key, wanted in _FORMATS
        ],
        class_name="pick-list",
    )


def _dialog(title: rx.Var[str], *content: rx.Component) -> rx.Component:
    """Shown as a modal by `assets/results.js`; Esc presses the button that dismisses it."""
    return rx.el.dialog(
        rx.el.h2(title),
        rx.el.p(PickedState.affected, class_name="affected"),
        rx.cond(PickedState.refusal != "", notice("fail", PickedState.refusal)),
        *content,
        class_name="ask",
        custom_attrs={"data-modal": "", "aria-label": title},
    )


def _dismiss() -> rx.Component:
    return rx.el.button(
        w("bulk_never"),
        type="button",
        class_name="btn",
        on_click=PickedState.dismiss,
        custom_attrs={"data-dismiss": ""},
    )


def _sure() -> rx.Component:
    go = rx.el.button(w("retry_these"), type="button", class_name="btn p", on_click=PickedState.retry, auto_focus=True)
    return _dialog(w("retry_failed_rows"), rx.el.div(_dismiss(), go, class_name="acts"))


def _batch() -> rx.Component:
    return _dialog(
        w("batch_of_rows"),
        rx.el.form(
            rx.el.label(
                rx.el.span(w("name")),
                rx.el.input(name="name", class_name="inp", max_length=200, auto_complete="off"),
                class_name="field",
            ),
            rx.el.fieldset(rx.el.legend(w("sources")), rx.foreach(PickedState.offered, _offered), class_name="offered"),
            rx.el.div(
                _dismiss(),
                rx.el.button(w("submit"), type="submit", class_name="btn p", disabled=PickedState.busy),
                class_name="acts",
            ),
            on_submit=PickedState.make,
            class_name="pop-form",
        ),
    )


def _offered(one: rx.Var[Offered]) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox", name=rx.Var.create(f"{SOURCE}{one.name}"), class_name="tick", default_checked=one.on
        ),
        rx.el.span(one.title, class_name="chip-word"),
        class_name="opt",
        key=one.name,
    )
