"""What is done to keywords before they are asked, as ticks of the form for a new batch."""

import reflex as rx

from app.web.choices import Option
from app.web.components.basics import icon
from app.web.state import w


def treatment(steps: rx.Var[list[Option]], fixes: rx.Var[list[Option]]) -> rx.Component:
    """The steps that make keywords plain, the fixes that are taken, and whether spacing counts."""
    return rx.el.details(
        rx.el.summary(icon("chevron-right", 14), rx.el.span(w("tidying"))),
        rx.el.div(
            _group(w("tidying_steps"), rx.foreach(steps, _option)),
            _group(w("fixing"), rx.foreach(fixes, _option)),
            rx.el.div(_tick("merge_spacing", w("merge_spacing"), on=False), class_name="ticks"),
            class_name="treat-body",
        ),
        class_name="treat",
    )


def _group(name: rx.Var[str], options: rx.Component) -> rx.Component:
    return rx.el.fieldset(rx.el.legend(name), options, class_name="ticks")


def _option(option: rx.Var[Option]) -> rx.Component:
    return _tick(option.field, option.title, on=option.on, key=option.field)


def _tick(name: rx.Var[str] | str, title: rx.Var[str], *, on: rx.Var[bool] | bool, **props: object) -> rx.Component:
    box = rx.el.input(type="checkbox", name=name, default_checked=on, class_name="tick")
    return rx.el.label(box, rx.el.span(title), class_name="opt", **props)
