"""Small parts that pages are made of: links, icons, chips, bars. They know no page."""

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from app.web.shown import Part

_STATE_ICONS = {
    "queued": "list-start",
    "running": "play",
    "waiting": "clock",
    "paused": "pause",
    "cancelling": "loader",
    "cancelled": "ban",
    "completed": "check",
}


def icon(name: str, size: int = 16) -> rx.Component:
    """A decorative icon; the words beside it carry the meaning."""
    return rx.icon(name, size=size, class_name="i", custom_attrs={"aria-hidden": "true"})


def link(*children: rx.Component | rx.Var[str] | str, to: rx.Var[str] | str, **props: object) -> rx.Component:
    """A link within the house; the page changes without a reload."""
    return ReactRouterLink.create(*children, to=to, **props)


def chip(state: rx.Var[str], label: rx.Var[str]) -> rx.Component:
    """A state as icon and word."""
    icons = [(name, icon(drawn, 13)) for name, drawn in _STATE_ICONS.items()]
    return rx.el.span(
        rx.match(state, *icons, icon("circle", 13)),
        rx.el.span(label, class_name="chip-word"),
        class_name=f"chip s-{state}",
        title=label,
    )


def bar(parts: rx.Var[list[Part]], percent: rx.Var[str], label: rx.Var[str] | str) -> rx.Component:
    """Progress by reading state."""
    return rx.el.div(
        rx.foreach(
            parts, lambda part: rx.el.i(class_name=f"k-{part.kind}", style={"width": part.width}, key=part.kind)
        ),
        class_name="bar",
        role="img",
        custom_attrs={"aria-label": f"{label} {percent}"},
    )


def notice(kind: str, *children: rx.Component | rx.Var[str], role: str = "alert") -> rx.Component:
    """A sentence that needs attention."""
    return rx.el.div(icon("triangle-alert"), rx.el.div(*children), class_name=f"notice n-{kind}", role=role)


def empty(drawn: str, title: rx.Var[str], body: rx.Var[str], *actions: rx.Component) -> rx.Component:
    """What stands where nothing is, with the next step."""
    return rx.el.div(
        icon(drawn, 28),
        rx.el.h2(title),
        rx.el.p(body),
        rx.el.div(*actions, class_name="acts"),
        class_name="empty",
    )


def skeleton_lines(count: int) -> rx.Component:
    """Grey lines where something is being loaded."""
    widths = ("46%", "72%", "58%", "64%", "40%")
    return rx.el.div(
        *[rx.el.div(class_name="sk-line", style={"width": widths[n % len(widths)]}) for n in range(count)],
        class_name="sk-block",
        custom_attrs={"aria-hidden": "true"},
    )
