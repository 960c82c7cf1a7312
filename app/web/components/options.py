"""Name, tags and the further options of the form for a new batch."""

from collections.abc import Callable

import reflex as rx

from app.queue import PRIORITIES
from app.services import batches
from app.web.components.basics import icon
from app.web.filled import AGES
from app.web.state import w


def options(wrong: Callable[[str], rx.Component]) -> rx.Component:
    """All of them; ``wrong`` makes the place for a refusal."""
    return rx.el.div(
        rx.el.label(
            rx.el.span(w("name")),
            rx.el.input(
                type="text", name="name", class_name="inp", placeholder=w("name_hint"), auto_complete="off",
                custom_attrs={"data-most": str(batches.MAX_NAME)},
            ),
            class_name="field",
        ),
        wrong("name"),
        _tags(),
        wrong("tags"),
        rx.el.div(
            _pill("priority", "flag", [(one, w(one)) for one in PRIORITIES], "default"),
            _pill("max_age", "history", [(str(days), w(f"age_{days}")) for days in AGES], "0"),
            rx.el.label(
                icon("calendar-clock", 14),
                rx.el.span(w("deadline")),
                rx.el.input(name="deadline", type="datetime-local"),
                class_name="new-pill",
            ),
            class_name="new-pills",
        ),
        wrong("deadline"),
        class_name="sec new-options",
    )  # fmt: skip


def _tags() -> rx.Component:
    """The script draws a chip for each, and keeps them in a hidden field."""
    return rx.el.div(
        rx.el.label(rx.el.span(w("tags")), html_for="tag-input", class_name="field"),
        rx.el.div(
            rx.el.ul(id="tag-chips", custom_attrs={"data-remove": w("tag_remove")}),
            rx.el.input(
                type="text",
                name="tag",
                form="none",
                placeholder=w("tags_hint"),
                auto_complete="off",
                custom_attrs={"id": "tag-input", "data-most": str(batches.MAX_TAG)},
            ),
            class_name="inp tag-box",
        ),
    )


def _pill(name: str, drawn: str, choices: list[tuple[str, rx.Var[str]]], chosen: str) -> rx.Component:
    return rx.el.label(
        icon(drawn, 14),
        rx.el.span(w(name)),
        rx.el.select(*[rx.el.option(text, value=value) for value, text in choices], name=name, default_value=chosen),
        class_name="new-pill",
    )
