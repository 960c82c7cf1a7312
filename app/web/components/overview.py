"""Parts of the overview: head figures, batches, upstreams, quotas, health. They know no page."""

import reflex as rx

from app.web.components.basics import bar, chip, icon, link
from app.web.health import Sign
from app.web.overview import BatchLine, Figure, UpstreamLine
from app.web.quotas import Quota
from app.web.state import w

_SIGN_ICONS = {"ok": "check", "wait": "clock", "fail": "triangle-alert", "unknown": "circle-help"}


def figures(found: rx.Var[list[Figure]]) -> rx.Component:
    """The figures at the top, each a link to its reason."""
    return rx.el.ul(
        rx.foreach(
            found,
            lambda one: rx.el.li(
                link(
                    rx.el.span(one.label, class_name="figure-label"),
                    rx.el.b(one.value),
                    rx.el.span(one.note, class_name="figure-note"),
                    to=one.address,
                ),
                key=one.label,
            ),
        ),
        class_name="panel figures",
    )


def batches(under_way: rx.Var[list[BatchLine]], more: rx.Var[str], ended: rx.Var[list[BatchLine]]) -> rx.Component:
    """Batches under way with their ends, and those that ended last."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(w("under_way"), id="under-way-title"),
            link(w("all_batches"), to="/batches", class_name="to-all"),
            class_name="panel-top",
        ),
        rx.cond(
            under_way.length() > 0,
            _batch_table(under_way, w("under_way")),
            rx.el.p(w("none_under_way"), class_name="nothing"),
        ),
        rx.cond(more != "", rx.el.p(link(more, to="/batches"), class_name="and-more")),
        rx.cond(
            ended.length() > 0,
            rx.fragment(rx.el.h3(w("ended_lately"), class_name="sub"), _batch_table(ended, w("ended_lately"))),
        ),
        class_name="panel under-way",
        custom_attrs={"aria-labelledby": "under-way-title"},
    )


def _batch_table(found: rx.Var[list[BatchLine]], title: rx.Var[str]) -> rx.Component:
    heads = (
        ("name", "c-name"),
        ("state", "c-state"),
        ("progress", "c-bar"),
        ("progress", "c-percent"),
        ("end_and_why", "c-end"),
    )
    return rx.el.table(
        rx.el.caption(title, class_name="sr"),
        rx.el.thead(
            rx.el.tr(*[rx.el.th(rx.el.span(w(key), class_name="sr"), scope="col", class_name=c) for key, c in heads])
        ),
        rx.el.tbody(rx.foreach(found, _batch)),
        class_name="flow",
    )


def _batch(one: rx.Var[BatchLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            link(one.name, to=one.address, class_name="name", title=one.name),
            rx.cond(one.failed != "", link(one.failed, to=f"{one.address}?tab=failures", class_name="fails")),
            scope="row",
            class_name="c-name",
        ),
        rx.el.td(chip(one.state, one.label), class_name="c-state"),
        rx.el.td(bar(one.parts, one.percent, w("progress")), class_name="c-bar"),
        rx.el.td(one.percent, class_name="num c-percent"),
        rx.el.td(
            link(rx.el.span(one.end), rx.cond(one.why != "", rx.el.small(one.why)), to=one.address),
            class_name="num c-end",
        ),
        key=one.id,
    )


def upstreams(found: rx.Var[list[UpstreamLine]]) -> rx.Component:
    """How much, how fast and how well each upstream answered in the window."""
    heads = [
        (w("upstream"), "c-up"),
        (w("readings"), "num"),
        (w("failures"), "num"),
        (w("mean_time"), "num"),
        (rx.el.span(w("p95_time"), title=w("p95_time_hint")), "num"),
        (w("calls_today"), "num"),
    ]
    return rx.cond(
        found.length() > 0,
        rx.el.section(
            rx.el.div(rx.el.h2(w("upstreams"), id="upstreams-title"), class_name="panel-top"),
            rx.el.div(
                rx.el.table(
                    rx.el.caption(w("upstreams"), class_name="sr"),
                    rx.el.thead(rx.el.tr(*[rx.el.th(text, class_name=look, scope="col") for text, look in heads])),
                    rx.el.tbody(rx.foreach(found, _upstream)),
                    class_name="list ups-table",
                ),
                class_name="scroll",
                tab_index=0,
                role="region",
                custom_attrs={"aria-labelledby": "upstreams-title"},
            ),
            id="upstreams",
            class_name="panel",
        ),
    )


def _upstream(one: rx.Var[UpstreamLine]) -> rx.Component:
    dash = rx.el.span("–", title=one.why)
    return rx.el.tr(
        rx.el.th(link(one.title, to="/sources", class_name="name"), scope="row", class_name="c-up"),
        rx.el.td(one.readings, class_name="num"),
        rx.el.td(
            rx.cond(one.failing != "", link(one.failed, to=one.failing, class_name="fails"), one.failed),
            class_name="num",
        ),
        rx.el.td(rx.cond(one.why != "", dash, one.mean), class_name="num"),
        rx.el.td(rx.cond(one.why != "", rx.el.small(one.why, class_name="dim"), one.most), class_name="num"),
        rx.el.td(link(one.calls, to="/sources"), class_name="num"),
        key=one.name,
    )


def quotas(found: rx.Var[list[Quota]]) -> rx.Component:
    """What is left of the accounts' quotas."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(w("quota_today"), id="quota-title"),
            link(w("to_accounts"), to="/sources", class_name="to-all"),
            class_name="panel-top",
        ),
        rx.cond(
            found.length() > 0,
            rx.el.ul(rx.foreach(found, _quota), class_name="quotas"),
            rx.el.p(w("no_quotas"), class_name="nothing"),
        ),
        class_name="panel",
        custom_attrs={"aria-labelledby": "quota-title"},
    )


def _quota(one: rx.Var[Quota]) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(
                rx.el.b(one.title),
                rx.cond(
                    one.quota != "",
                    rx.el.span(rx.el.b(one.spent), rx.el.span(f" / {one.quota}", class_name="dim"), class_name="num"),
                ),
                class_name="quota-top",
            ),
            rx.cond(one.width != "", _thin(one.full, one.width)),
            rx.cond(one.left != "", rx.el.small(one.left)),
            rx.cond(one.month_width != "", rx.fragment(_thin(one.month_full, one.month_width), rx.el.small(one.month))),
            rx.cond(
                one.stopped != "",
                rx.el.span(
                    rx.el.span(one.stopped, class_name=f"chip h-{one.health}"),
                    rx.cond(one.why != "", rx.el.small(one.why)),
                    class_name="stopped",
                ),
            ),
            to="/sources",
        ),
        key=one.key,
    )


def _thin(full: rx.Var[str], width: rx.Var[str]) -> rx.Component:
    return rx.el.span(
        rx.el.i(class_name=f"k-{full}", style={"width": width}),
        class_name="bar",
        custom_attrs={"aria-hidden": "true"},
    )


def signs(found: rx.Var[list[Sign]]) -> rx.Component:
    """The house's health, a line a part."""
    return rx.el.section(
        rx.el.div(rx.el.h2(w("house_health"), id="health-title"), class_name="panel-top"),
        rx.el.ul(rx.foreach(found, _sign), class_name="signs"),
        class_name="panel",
        custom_attrs={"aria-labelledby": "health-title"},
    )


def _sign(one: rx.Var[Sign]) -> rx.Component:
    drawn = [(kind, icon(name, 13)) for kind, name in _SIGN_ICONS.items()]
    return rx.el.li(
        link(
            rx.el.span(rx.match(one.kind, *drawn, icon("circle", 13)), class_name=f"sign g-{one.kind}"),
            rx.el.span(one.label, class_name="sign-label"),
            rx.el.span(one.value, class_name="sign-value"),
            to=one.address,
        ),
        key=one.key,
    )
