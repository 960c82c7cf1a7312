"""What can be done to batches that are chosen: a bar with the verbs, and the question before one is done."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from app.web.chosen import DIALOG, Ask
from app.web.components.basics import icon
from app.web.state import w

Do = Any  # an event handler
#: Each verb with its icon and the key that stands for it.
_VERBS = (
    ("pause", "pause", "p"),
    ("resume", "play", "u"),
    ("cancel", "square", "c"),
    ("retry", "rotate-cw", "r"),
    ("tag", "tag", "t"),
    ("untag", "x", ""),
)


@dataclass(frozen=True)
class Now:
    """How it stands."""

    chosen: rx.Var[list[int]]
    count: rx.Var[str]
    offer: rx.Var[str]
    doing: rx.Var[str]
    ask: rx.Var[Ask]
    tags: rx.Var[list[str]]


@dataclass(frozen=True)
class Deeds:
    """What is done when a button is pressed."""

    question: Do
    confirm: Do
    choose_all: Do
    choose_none: Do


def verbs(now: Now, deeds: Deeds) -> rx.Component:
    """The bar over the end of the list, while something is chosen or done."""
    return rx.el.div(
        rx.cond(
            now.doing != "",
            rx.el.div(rx.el.span(class_name="spin"), now.doing, class_name="panel vb"),
            rx.cond(now.chosen.length() > 0, _bar(now, deeds)),
        ),
        class_name="vb-row",
        custom_attrs={"aria-live": "polite"},
    )


def _bar(now: Now, deeds: Deeds) -> rx.Component:
    buttons = [
        rx.el.button(
            icon(drawn, 14),
            w(f"bulk_{verb}"),
            on_click=deeds.question(verb),
            type="button",
            class_name="btn",
            custom_attrs={"data-key": key} if key else {},
        )
        for verb, drawn, key in _VERBS
    ]
    return rx.el.div(
        rx.el.b(now.count),
        rx.cond(
            now.offer != "", rx.el.button(now.offer, on_click=deeds.choose_all, type="button", class_name="vb-all")
        ),
        rx.el.div(*buttons, class_name="vb-do"),
        rx.el.button(
            icon("x"),
            on_click=deeds.choose_none,
            type="button",
            class_name="btn q square",
            title=w("choose_none"),
            custom_attrs={"aria-label": w("choose_none")},
        ),
        class_name="panel vb",
        role="group",
        custom_attrs={"aria-label": w("chosen_batches")},
    )


def question(now: Now, deeds: Deeds) -> rx.Component:
    """The dialog in which a verb is confirmed; it is opened by its id."""
    ask = now.ask
    shut = rx.call_script(f"keybatchClose('{DIALOG}')")
    return rx.el.dialog(
        rx.el.form(
            rx.el.h2(ask.title, id=f"{DIALOG}-title"),
            rx.cond(ask.counts != "", rx.el.p(ask.counts)),
            rx.cond(ask.others != "", rx.el.p(ask.others, class_name="mut")),
            rx.cond(ask.tags, _tag_field(now)),
            rx.el.div(
                rx.el.button(
                    rx.cond(ask.fits, w("bulk_never"), w("close")), type="button", on_click=shut, class_name="btn"
                ),
                rx.cond(
                    ask.fits,
                    rx.el.button(
                        ask.confirm, type="submit", class_name=rx.cond(ask.verb == "cancel", "btn d", "btn p")
                    ),
                ),
                class_name="dlg-acts",
            ),
            on_submit=[deeds.confirm, shut],
        ),
        id=DIALOG,
        class_name="dlg",
        custom_attrs={"aria-labelledby": f"{DIALOG}-title"},
    )


def _tag_field(now: Now) -> rx.Component:
    return rx.el.label(
        rx.el.span(w("by_tag")),
        rx.el.input(
            name="tag",
            required=True,
            max_length=50,
            auto_complete="off",
            list=f"{DIALOG}-tags",
            class_name="inp",
            key=now.ask.verb,
        ),
        rx.el.datalist(rx.foreach(now.tags, lambda one: rx.el.option(value=one, key=one)), id=f"{DIALOG}-tags"),
        class_name="field",
    )
