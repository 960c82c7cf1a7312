"""The menu of presets beside the form for a new batch."""

from collections.abc import Callable

import reflex as rx
from reflex.event import EventSpec

from app.services import saved
from app.web.components.basics import icon
from app.web.presets import PresetShown
from app.web.state import Ui, w

Do = Callable[[rx.Var[str]], EventSpec]


def menu(listed: rx.Var[list[PresetShown]], *, apply: Do, drop: Do) -> rx.Component:
    """The presets, each applied or forgotten with one press; and the way to keep what the form says as another."""
    may = Ui.scopes.contains("submit")
    return rx.el.details(
        rx.el.summary(icon("bookmark", 14), rx.el.span(w("presets")), class_name="btn"),
        rx.el.div(
            rx.cond(
                listed.length() > 0,
                rx.el.ul(rx.foreach(listed, lambda one: _line(one, may, apply, drop))),
                rx.el.p(w("presets_none"), class_name="mut"),
            ),
            rx.cond(may, _keep()),
            class_name="preset-body panel",
        ),
        class_name="preset-menu",
    )


def _line(one: rx.Var[PresetShown], may: rx.Var[bool], apply: Do, drop: Do) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.b(one.name),
            rx.el.small(one.about),
            type="button",
            on_click=apply(one.name),
            class_name="preset-one",
            custom_attrs={"data-menu": "close"},
        ),
        rx.cond(
            may,
            rx.el.button(
                icon("trash-2", 14),
                type="button",
                on_click=drop(one.name),
                class_name="btn q square",
                title=w("preset_drop"),
                custom_attrs={"aria-label": w("preset_drop") + ": " + one.name},
            ),
        ),
        key=one.name,
    )


def _keep() -> rx.Component:
    """Outside of the form, of which it is a part all the same."""
    return rx.el.div(
        rx.el.input(
            type="text",
            name="preset_name",
            form="new-batch",
            max_length=saved.MAX_NAME,
            placeholder=w("preset_name"),
            auto_complete="off",
            class_name="inp",
            custom_attrs={"aria-label": w("preset_name")},
        ),
        rx.el.button(
            w("preset_keep"),
            type="submit",
            form="new-batch",
            class_name="btn",
            custom_attrs={"data-intent": "preset"},
        ),
        class_name="preset-foot",
    )
