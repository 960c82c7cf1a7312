"""The sources as the form for a new batch offers them, by upstream."""

import reflex as rx

from app.web.choices import Choice, Group
from app.web.components.basics import icon, link, skeleton_lines
from app.web.state import w

_HEALTH = (("ok", "circle-check"), ("wait", "clock"), ("fail", "circle-x"), ("idle", "circle-dashed"))


def sources(groups: rx.Var[list[Group]], loaded: rx.Var[bool], wrong: rx.Component) -> rx.Component:
    """All of them, with a search that the page's script does; ``wrong`` is the place for a refusal."""
    return rx.el.div(
        rx.el.div(
            rx.el.h2(w("sources"), id="sources-title"),
            rx.el.input(
                type="search",
                name="search",
                form="none",
                placeholder=w("sources_search"),
                auto_complete="off",
                class_name="inp",
                custom_attrs={"id": "source-search", "aria-label": w("sources_search")},
            ),
            class_name="sources-top",
        ),
        wrong,
        rx.cond(loaded, rx.foreach(groups, group_box), skeleton_lines(4)),
        rx.cond(loaded & (groups.length() == 0), rx.el.p(w("no_sources"), class_name="mut")),
        rx.el.p(w("sources_unmatched"), class_name="mut unmatched", role="status"),
        class_name="sec sources",
        role="group",
        custom_attrs={"aria-labelledby": "sources-title"},
    )


def group_box(group: rx.Var[Group]) -> rx.Component:
    """An upstream with its sources, foldable."""
    return rx.el.details(
        rx.el.summary(
            icon("chevron-right", 14),
            rx.el.span(group.title, class_name="src-name"),
            rx.cond(group.health != "", _health(group)),
            rx.cond(
                group.left != "",
                rx.el.b(group.left, title=group.limits, class_name=rx.cond(group.spent, "src-left gone", "src-left")),
                rx.el.span(rx.cond(group.ready, group.limits, ""), class_name="src-left"),
            ),
        ),
        rx.cond(group.why != "", rx.el.p(group.why, class_name="src-needs")),
        rx.cond(group.ready, rx.fragment(), _blocked(group)),
        rx.cond(group.terms != "", rx.el.p(group.terms, class_name="src-terms")),
        rx.cond(group.payers.length() > 0, _payers(group)),
        rx.foreach(group.choices, lambda choice: rx.cond(choice.rest, rx.fragment(), _choice_row(choice, group.ready))),
        rx.cond(group.rest != "", _rest(group)),
        open=group.opened,
        class_name="src-group",
        key=group.upstream,
    )


def _health(group: rx.Var[Group]) -> rx.Component:
    """How the account stands that is asked."""
    return rx.el.span(
        rx.match(group.health, *((kind, icon(drawn, 13)) for kind, drawn in _HEALTH), icon("circle", 13)),
        rx.el.span(group.label),
        class_name=f"health-is h-{group.health}",
    )


def _blocked(group: rx.Var[Group]) -> rx.Component:
    """Why none of them can be picked, and where that is mended."""
    return rx.el.p(
        icon("key-round", 14),
        rx.el.span(
            group.blocked,
            rx.cond(group.missing != "", rx.fragment(" ", rx.el.code(group.missing)), rx.fragment()),
            " ",
            link(w("to_sources"), to="/sources", class_name="go-there"),
        ),
        class_name="src-needs",
    )


def _choice_row(choice: rx.Var[Choice], ready: rx.Var[bool]) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox", name=choice.field, default_checked=choice.first, disabled=~ready, class_name="tick"
        ),
        rx.el.span(
            rx.el.span(choice.title, class_name="src-title"),
            rx.el.small(choice.name, rx.cond(choice.note != "", f" · {choice.note}", "")),
        ),
        class_name=rx.cond(ready, "src", "src off"),
        key=choice.name,
    )


def _rest(group: rx.Var[Group]) -> rx.Component:
    """Sources of which there are many, folded once more."""
    return rx.el.details(
        rx.el.summary(icon("chevron-right", 14), rx.el.span(group.rest)),
        rx.foreach(group.choices, lambda choice: rx.cond(choice.rest, _choice_row(choice, group.ready), rx.fragment())),
        class_name="src-rest",
    )


def _payers(group: rx.Var[Group]) -> rx.Component:
    return rx.el.label(
        rx.el.span(w("pay_with")),
        rx.el.select(
            rx.foreach(group.payers, lambda payer: rx.el.option(payer.label, value=payer.key, key=payer.key)),
            name=group.pay_field,
            class_name="inp",
        ),
        class_name="src-pay",
    )
