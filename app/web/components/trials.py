"""What a trial brought. It knows no page."""

import reflex as rx

from app.web.components.basics import icon
from app.web.state import w
from app.web.trials import TrialShown


def outcome(one: rx.Var[TrialShown]) -> rx.Component:
    """What a trial brought, with the beginning of the raw answer."""
    drawn = rx.match(
        one.kind, ("ok", icon("check", 14)), ("missing", icon("circle-dashed", 14)), icon("triangle-alert", 14)
    )
    return rx.el.div(
        rx.el.div(
            drawn,
            rx.cond(one.asked != "", rx.el.span(one.asked, class_name="asked")),
            rx.el.b(one.text),
            class_name="told-line",
        ),
        rx.cond(
            one.answer != "",
            rx.el.div(
                rx.el.small(w("answer_begins")),
                rx.el.pre(one.answer, tab_index=0, custom_attrs={"aria-label": w("answer_begins")}),
            ),
        ),
        class_name=f"told told-{one.kind}",
    )
