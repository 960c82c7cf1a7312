"""What a batch would take and cost, beside the form."""

import reflex as rx

from app.web.components.basics import skeleton_lines
from app.web.components.summary import rejected_table
from app.web.forecast import Forecast
from app.web.state import w


def forecast(found: rx.Var[Forecast], busy: rx.Var[bool]) -> rx.Component:
    """The preview, or grey lines while it is worked out."""
    return rx.el.div(
        rx.cond(busy & ~found.shown, skeleton_lines(4)),
        rx.cond(
            found.shown,
            rx.fragment(
                rx.el.dl(
                    rx.foreach(
                        found.facts,
                        lambda fact: rx.el.div(
                            rx.el.dt(fact.label),
                            rx.el.dd(rx.el.b(fact.value), rx.el.span(fact.note)),
                            key=fact.label,
                        ),
                    ),
                    class_name=rx.cond(busy, "forecast stale", "forecast"),
                ),
                rx.cond(
                    found.rejections.length() > 0,
                    rx.el.details(
                        rx.el.summary(w("rejected_lines")),
                        rejected_table(found.rejections),
                        open=True,
                        class_name="rej",
                    ),
                ),
            ),
        ),
        custom_attrs={"aria-live": "polite"},
    )
