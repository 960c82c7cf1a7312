"""Where an address leads that names no page."""

import reflex as rx

from app.web.components.basics import empty, link
from app.web.layout import page, page_title
from app.web.state import w


def view() -> rx.Component:
    """The page."""
    return page(
        rx.el.div(
            empty(
                "map-pin-off",
                w("no_page_title"),
                w("no_page_body"),
                link(w("all_batches"), to="/batches", class_name="btn p"),
            ),
            class_name="panel",
        ),
        active="",
        crumb=rx.el.b(w("no_page_title")),
        title=page_title(w("no_page_title")),
    )
