"""A panel that a button opens over the page. The browser itself closes it with Esc or a click elsewhere and gives the
focus back; `assets/results.js` puts it under its button."""

import reflex as rx

from app.web.components.basics import icon


def popover(
    name: str,
    drawn: str,
    label: rx.Var[str],
    *content: rx.Component,
    class_name: str = "btn q",
    on_open: rx.event.EventType[()] | None = None,
) -> rx.Component:
    """A button with its panel; ``name`` is the panel's id, ``on_open`` is called when the button is pressed."""
    pressed = {} if on_open is None else {"on_click": on_open}
    return rx.fragment(
        rx.el.button(
            icon(drawn),
            rx.el.span(label, class_name="pop-word"),
            type="button",
            class_name=class_name,
            title=label,
            custom_attrs={"popoverTarget": name, "aria-haspopup": "dialog", "aria-label": label},
            **pressed,
        ),
        rx.el.div(
            *content,
            id=name,
            class_name="pop",
            role="dialog",
            custom_attrs={"popover": "auto", "aria-label": label},
        ),
    )
