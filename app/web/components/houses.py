"""Parts of the ops page about the house itself: what is wrong, and its processes. They know no page."""

import reflex as rx

from app.web.components.ops import Head, panel, table
from app.web.houses import ProcessLine, TroubleLine
from app.web.state import w


def troubles(found: rx.Var[list[TroubleLine]]) -> rx.Component:
    """Everything that is wrong, where, and what to do."""
    listed = rx.el.ul(
        rx.foreach(
            found,
            lambda one: rx.el.li(
                rx.el.span(
                    rx.el.b(one.title, class_name=f"v-{one.kind}"),
                    rx.cond(one.where != "", rx.el.code(one.where)),
                    class_name="trouble-top",
                ),
                rx.el.p(one.mend),
                key=one.code,
            ),
        ),
        class_name="troubles",
    )
    return rx.cond(found.length() > 0, panel("troubles", listed))


def processes(found: rx.Var[list[ProcessLine]]) -> rx.Component:
    """Every process that tells of itself, with the clock and the disk of its host."""
    heads: list[Head] = [
        (w("host"), ""),
        (w("process"), ""),
        (w("version"), "num"),
        (w("clock"), "num"),
        (w("disk"), "num"),
        (w("seen"), "num"),
    ]
    rows = rx.foreach(
        found,
        lambda one: rx.el.tr(
            rx.el.th(one.host, scope="row"),
            rx.el.td(one.what, class_name="c-process", title=one.what),
            rx.el.td(one.version, class_name="num mut"),
            rx.el.td(one.clock, class_name=f"num v-{one.clock_kind}"),
            rx.el.td(one.disk, class_name=f"num v-{one.disk_kind}"),
            rx.el.td(one.seen, class_name="num mut"),
            key=one.key,
        ),
    )
    return panel("hosts", table("hosts", heads, rows, w("no_process"), found.length() > 0))
