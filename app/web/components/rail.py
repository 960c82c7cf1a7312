"""The rail: the pages of the house, and how the house is."""

import reflex as rx

from app.web.components.basics import icon, link
from app.web.components.health import HealthState, health_line
from app.web.state import w

#: Every page of the rail: its name, icon and address, and the keys that lead there after g.
PAGES = (
    ("overview", "layout-dashboard", "/", "o"),
    ("batches", "layers", "/batches", "b"),
    ("sources", "plug", "/sources", "s"),
    ("ops", "activity", "/ops", "w"),
    ("settings", "settings", "/settings", "e"),
)


def rail(active: str) -> rx.Component:
    """``active`` is the name of the page that is open."""
    return rx.el.nav(
        link(
            rx.el.span(rx.el.i(), class_name="mark", custom_attrs={"aria-hidden": "true"}),
            rx.el.span(w("brand")),
            to="/",
            class_name="brand",
        ),
        *[_entry(name, drawn, to, name == active) for name, drawn, to, _ in PAGES],
        health_line(),
        class_name="rail",
        custom_attrs={"aria-label": w("navigation")},
    )


def _entry(name: str, drawn: str, to: str, on: bool) -> rx.Component:
    return link(
        icon(drawn),
        rx.el.span(w(f"page_{name}"), class_name="nav-word"),
        rx.el.span(HealthState.open, class_name="n") if name == "batches" else rx.fragment(),
        to=to,
        class_name="nav on" if on else "nav",
        custom_attrs={"aria-current": "page"} if on else {},
    )
