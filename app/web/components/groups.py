"""The sources as the form for a new batch offers them, by upstream."""

import reflex as rx

from app.web.choices import Choice, Group
from app.web.components.basics import icon
from app.web.state import w


def group_box(group: rx.Var[Group]) -> rx.Component:
    """An upstream with its sources, foldable."""
    return rx.el.details(
        rx.el.summary(
            icon("chevron-right", 14),
            rx.el.span(group.title, class_name="src-name"),
            rx.el.span(
                rx.cond(group.ready, group.limits, w("not_set_up")),
                rx.cond(group.left != "", rx.el.b(group.left), rx.fragment()),
                class_name="src-limits",
            ),
        ),
        rx.cond(
            group.ready,
            rx.fragment(),
            rx.el.p(
                icon("key-round", 14), rx.el.span(w("needs"), ": ", rx.el.code(group.missing)), class_name="src-needs"
            ),
        ),
        rx.cond(group.terms != "", rx.el.p(group.terms, class_name="src-terms")),
        rx.cond(group.payers.length() > 0, _payers(group)),
        rx.foreach(group.choices, lambda choice: rx.cond(choice.rest, rx.fragment(), _choice_row(choice, group.ready))),
        rx.cond(group.rest != "", _rest(group)),
        open=group.opened,
        class_name="src-group",
        key=group.upstream,
    )


def _choice_row(choice: rx.Var[Choice], ready: rx.Var[bool]) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox", name=choice.field, default_checked=choice.first, disabled=~ready, class_name="tick"
        ),
        rx.el.span(
            rx.el.span(choice.title, class_name="src-title"),
            rx.el.small(choice.name, rx.cond(choice.note != "", f" · {choice.note}", "")),
        ),
        class_name=rx.cond(ready, "src", "src off"),
        key=choice.name,
    )


def _rest(group: rx.Var[Group]) -> rx.Component:
    """Sources of which there are many, folded once more."""
    return rx.el.details(
        rx.el.summary(icon("chevron-right", 14), rx.el.span(group.rest)),
        rx.foreach(group.choices, lambda choice: rx.cond(choice.rest, _choice_row(choice, group.ready), rx.fragment())),
        class_name="src-rest",
    )


def _payers(group: rx.Var[Group]) -> rx.Component:
    return rx.el.label(
        rx.el.span(w("pay_with")),
        rx.el.select(
            rx.foreach(group.payers, lambda payer: rx.el.option(payer.label, value=payer.key, key=payer.key)),
            name=group.pay_field,
            class_name="inp",
        ),
        class_name="src-pay",
    )
