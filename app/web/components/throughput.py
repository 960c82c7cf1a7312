"""What went on over time, drawn; with a link between the last hour and the last day."""

import reflex as rx

from app.web.components.basics import link
from app.web.sparkline import HEIGHT, WIDTH
from app.web.state import w
from app.web.throughput import Chart, Tick

_BOX = f"0 0 {WIDTH:g} {HEIGHT:g}"


def panel(chart: rx.Var[Chart]) -> rx.Component:
    """Lookups a second under their limit, and the part of them that failed."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(w("lookups_a_second"), id="chart-title"),
            rx.cond(chart.limit != "", rx.el.span(rx.el.i(class_name="dash"), chart.limit, class_name="limit-is")),
            _windows(chart),
            class_name="panel-top",
        ),
        rx.cond(chart.empty != "", rx.el.p(chart.empty, class_name="nothing"), _pictures(chart)),
        class_name="panel chart",
        custom_attrs={"aria-labelledby": "chart-title"},
    )


def _windows(chart: rx.Var[Chart]) -> rx.Component:
    return rx.el.div(
        _window("hour", "/", chart),
        _window("day", "/?window=day", chart),
        class_name="switch windows",
        role="group",
        custom_attrs={"aria-label": w("window")},
    )


def _window(name: str, to: str, chart: rx.Var[Chart]) -> rx.Component:
    return link(
        w(f"window_{name}"),
        to=to,
        class_name=rx.cond(chart.window == name, "on", ""),
        custom_attrs={"aria-current": rx.cond(chart.window == name, "true", "false")},
    )


def _pictures(chart: rx.Var[Chart]) -> rx.Component:
    return rx.el.figure(
        rx.el.div(
            _picture(chart.speed.line, chart.speed.area, chart.speed.limit, chart.top, "speed"),
            _picture(chart.errors.line, chart.errors.area, "", chart.errors_top, "errors"),
            rx.el.div(
                rx.foreach(chart.spots, lambda spot: rx.el.i(title=spot)),
                class_name="spots",
                custom_attrs={"aria-hidden": "true"},
            ),
            class_name="pictures",
        ),
        rx.el.div(rx.foreach(chart.ticks, _tick), class_name="ticks-x", custom_attrs={"aria-hidden": "true"}),
        role="img",
        custom_attrs={"aria-label": chart.summary},
    )


def _picture(
    line: rx.Var[str], area: rx.Var[str], limit: rx.Var[str] | str, top: rx.Var[str], kind: str
) -> rx.Component:
    steady = {"vectorEffect": "non-scaling-stroke"}
    return rx.el.div(
        rx.el.span(w("errors_chart") if kind == "errors" else "", class_name="what"),
        rx.el.span(top, class_name="top-is"),
        rx.el.svg(
            rx.el.path(d=area, class_name="d-area"),
            rx.el.path(d=line, class_name="d-line", custom_attrs=steady),
            rx.el.path(d=limit, class_name="d-limit", custom_attrs=steady) if kind == "speed" else rx.fragment(),
            view_box=_BOX,
            custom_attrs={"preserveAspectRatio": "none"},
        ),
        class_name=f"picture p-{kind}",
        custom_attrs={"aria-hidden": "true"},
    )


def _tick(tick: rx.Var[Tick]) -> rx.Component:
    return rx.el.span(tick.text, style={"left": tick.left}, key=tick.text)
