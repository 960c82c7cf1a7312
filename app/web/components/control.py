"""What can be done with a batch: its verbs, the reasons for its state, its failures with the way to retry them."""

from typing import Any

import reflex as rx

from app.web.components.basics import icon, link, notice
from app.web.control import CANARY, FailedKind, FailedShown, Reason, Verbs
from app.web.shown import Head
from app.web.state import w

Do = Any  # an event handler, or one with its arguments


def actions(
    head: rx.Var[Head], verbs: rx.Var[Verbs], asks: rx.Var[bool], *, pause: Do, resume: Do, ask: Do, unask: Do,
    cancel: Do, rerun: Do
) -> rx.Component:  # fmt: skip
    """The batch's verbs; cancelling is asked once more."""
    return rx.el.div(
        rx.cond(
            asks & verbs.cancel,
            rx.el.div(
                rx.el.span(w("cancel_sure")),
                rx.el.button(w("cancel_yes"), on_click=cancel, class_name="btn d", auto_focus=True),
                rx.el.button(w("cancel_no"), on_click=unask, class_name="btn"),
                class_name="sure",
                role="alertdialog",
            ),
            rx.fragment(
                _verb(verbs.pause, "pause", "pause", pause),
                _verb(verbs.resume, "play", "resume", resume),
                _verb(verbs.rerun, "rotate-cw", "rerun", rerun),
                _verb(verbs.cancel, "square", "cancel", ask),
            ),
        ),
        link(
            icon("download"),
            w("download"),
            to=f"/api/v1/batches/{head.id}/export?format=csv&layout=wide&bom=1",
            reload_document=True,  # the browser's own download, not a page of this house
            download=True,
            class_name="btn p",
        ),
        class_name="acts",
    )


def _verb(fits: rx.Var[bool], drawn: str, key: str, do: Do) -> rx.Component:
    return rx.cond(fits, rx.el.button(icon(drawn), w(key), on_click=do, class_name="btn"))


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


def failures(found: rx.Var[FailedShown], *, retry: Do) -> rx.Component:
    """Failed lookups by source and error class. ``retry`` takes a source, an error class ("" = any) and how many to
    begin with (0 = all)."""
    return rx.cond(
        found.total != "",
        rx.el.div(
            rx.el.div(
                rx.el.h2(icon("triangle-alert"), w("failures"), " ", rx.el.span(found.total, class_name="num")),
                rx.el.div(
                    rx.cond(
                        found.canary != "",
                        rx.el.button(found.canary, on_click=retry("", "", CANARY), class_name="btn"),
                    ),
                    rx.el.button(icon("rotate-cw"), w("retry_all"), on_click=retry("", "", 0), class_name="btn"),
                    class_name="acts",
                ),
                class_name="panel-top",
            ),
            rx.el.ul(rx.foreach(found.kinds, lambda one: _kind(one, retry)), class_name="kinds"),
            class_name="panel",
        ),
    )


def _kind(one: rx.Var[FailedKind], retry: Do) -> rx.Component:
    return rx.el.li(
        rx.el.b(one.count, class_name="num"),
        rx.el.div(
            rx.el.div(one.title, " · ", rx.el.span(one.means)),
            rx.el.code(one.error),
            rx.cond(one.detail != "", rx.el.span(one.detail, class_name="said", title=one.detail)),
            class_name="kind",
        ),
        rx.el.button(w("retry_these"), on_click=retry(one.source, one.error, 0), class_name="btn"),
        key=one.key,
    )


def said(text: rx.Var[str], refusal: rx.Var[str]) -> rx.Component:
    """What the last verb did, or why it was refused."""
    return rx.el.div(
        rx.cond(refusal != "", notice("fail", refusal)),
        rx.cond(text != "", notice("ok", text, role="status")),
        custom_attrs={"aria-live": "polite"},
    )
