"""What can be done with a batch: its verbs with their keys, taking it away, and the reasons for its state."""

from typing import Any, NamedTuple

import reflex as rx

from app.web.components.basics import icon, link
from app.web.control import Reason, Verbs
from app.web.shown import Head
from app.web.state import w

#: What a batch can be taken away as: word, query.
_FILES = (
    ("export_excel", "format=csv&bom=1"),
    ("export_csv", "format=csv&bom=0"),
    ("export_tsv", "format=csv&bom=0&delimiter=tab"),
    ("export_jsonl", "format=jsonl"),
    ("export_xlsx", "format=xlsx"),
    ("export_parquet", "format=parquet"),
)


class Does(NamedTuple):
    """The handlers of the verbs."""

    pause: Any
    resume: Any
    ask: Any
    unask: Any
    cancel: Any
    retry: Any
    rerun: Any
    share: Any


def actions(head: rx.Var[Head], verbs: rx.Var[Verbs], asks: rx.Var[bool], does: Does) -> rx.Component:
    """The batch's verbs; cancelling is asked once more."""
    return rx.el.div(
        rx.cond(
            asks & verbs.cancel,
            _sure(does),
            rx.fragment(
                rx.cond(verbs.pause, _verb("pause", "pause", "p", does.pause)),
                rx.cond(verbs.resume, _verb("play", "resume", "p", does.resume)),
                rx.cond(verbs.cancel, _verb("square", "cancel", "x", does.ask)),
                rx.cond(verbs.retry != "", _verb("rotate-cw", verbs.retry, "r", does.retry)),
                rx.cond(verbs.rerun, _verb("copy-plus", "rerun", "", does.rerun)),
                _verb("link", "share", "s", does.share, quiet=True),
            ),
        ),
        rx.cond(head.gone == "", _export(head)),
        class_name="acts",
    )


def _sure(does: Does) -> rx.Component:
    return rx.el.div(
        rx.el.span(w("cancel_sure"), id="cancel-sure"),
        rx.el.button(w("cancel_yes"), type="button", on_click=does.cancel, class_name="btn d", auto_focus=True),
        rx.el.button(
            w("cancel_no"),
            type="button",
            on_click=does.unask,
            class_name="btn",
            custom_attrs={"data-escape": "true"},
        ),
        class_name="sure",
        role="alertdialog",
        custom_attrs={"aria-labelledby": "cancel-sure"},
    )


def _verb(drawn: str, said: str | rx.Var[str], key: str, do: Any, *, quiet: bool = False) -> rx.Component:
    """A verb's button; ``said`` is a word's key, or the word itself."""
    word = w(said) if isinstance(said, str) else said
    keyed = {"data-key": key, "aria-keyshortcuts": key} if key else {}
    shown = rx.el.span(word, class_name="act-word") if quiet else word
    return rx.el.button(
        icon(drawn),
        shown,
        type="button",
        on_click=do,
        class_name="btn quiet" if quiet else "btn",
        title=f"{word} ({key.upper()})" if key else word,
        custom_attrs={**keyed, "aria-label": word} if quiet else keyed,
    )


def _export(head: rx.Var[Head]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            icon("download"),
            w("export"),
            class_name="btn p",
            title=f"{w('export')} (E)",
            custom_attrs={"data-key": "e", "aria-keyshortcuts": "e"},
        ),
        rx.el.div(
            rx.el.p(w("export_lead"), class_name="menu-lead"),
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(rx.el.span(w("export_file"), class_name="sr"), scope="col"),
                        rx.el.th(w("export_wide"), scope="col", title=w("export_wide_hint")),
                        rx.el.th(w("export_long"), scope="col", title=w("export_long_hint")),
                    )
                ),
                rx.el.tbody(*[_file(head, key, query) for key, query in _FILES]),
            ),
            class_name="menu export-body",
        ),
        class_name="export",
        custom_attrs={"data-menu": ""},
    )


def _file(head: rx.Var[Head], key: str, query: str) -> rx.Component:
    return rx.el.tr(
        rx.el.th(w(key), scope="row"),
        *[
            rx.el.td(
                link(
                    icon("download", 14),
                    rx.el.span(w(key), " ", w(f"export_{layout}"), class_name="sr"),
                    to=f"/api/v1/batches/{head.id}/export?{query}&layout={layout}",
                    reload_document=True,  # the browser's own download, not a page of this house
                    download=True,
                    class_name="menu-item",
                    title=f"{w(key)} · {w(f'export_{layout}')}",
                )
            )
            for layout in ("wide", "long")
        ],
    )


def reasons(found: rx.Var[list[Reason]]) -> rx.Component:
    """Why it waits, rests, is slow or has ended early."""
    return rx.el.div(
        rx.foreach(
            found,
            lambda one: rx.el.div(
                icon("info"), rx.el.div(one.text), class_name=f"notice n-{one.kind}", role="status", key=one.text
            ),
        ),
        class_name="reasons",
    )
