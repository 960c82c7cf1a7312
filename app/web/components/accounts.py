"""An upstream with its sources and accounts. They know no page."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from app.web.accounts import AccountLine, SourceLine, UpstreamPanel
from app.web.components.basics import icon
from app.web.components.fields import account_form
from app.web.components.trials import outcome
from app.web.fields import AccountForm
from app.web.state import w

Do = Any  # an event handler, or one with its arguments

_HEALTH_ICONS = {"ok": "check", "wait": "clock", "fail": "triangle-alert", "idle": "circle-dashed"}


@dataclass(frozen=True)
class Deeds:
    """What can be done with accounts: each takes an account's key, except `add` (an upstream), `unask`, `close` and
    `save` (a form)."""

    add: Do
    attempt: Do
    change: Do
    ask: Do
    unask: Do
    remove: Do
    save: Do
    close: Do


@dataclass(frozen=True)
class Now:
    """What the tab is doing: the key that is tried, the key whose removal is asked about, the upstream whose form is
    open, that form, why it was not taken, what the last deed brought at which upstream, and what was just left: the
    upstream of a form or the key of a question, where the keyboard goes on."""

    busy: rx.Var[str]
    asks: rx.Var[str]
    opened: rx.Var[str]
    form: rx.Var[AccountForm]
    refusal: rx.Var[str]
    said: rx.Var[str]
    place: rx.Var[str]
    left: rx.Var[str]


def panel(one: rx.Var[UpstreamPanel], now: Now, do: Deeds, own_form: rx.Component) -> rx.Component:
    """An upstream. ``own_form`` is the form for sources of one's own."""
    return rx.el.section(
        _top(one, now, do),
        rx.cond(one.terms != "", rx.el.p(icon("scale", 14), rx.el.span(one.terms), class_name="up-terms")),
        rx.cond(
            one.own,
            rx.cond(one.accounts.length() == 0, rx.el.p(w("own_none"), class_name="up-none mut")),
            _sources(one),
        ),
        rx.cond(
            one.needs != "",
            rx.el.p(
                icon("key-round", 14),
                rx.el.span(w("needs_settings"), ": ", rx.el.code(one.needs)),
                class_name="up-needs",
            ),
        ),
        rx.cond(
            (now.place == one.name) & (now.said != ""),
            rx.el.p(icon("check", 14), rx.el.span(now.said), class_name="up-said"),
        ),
        rx.cond(
            now.opened == one.name,
            rx.cond(one.own, own_form, account_form(now.form, now.refusal, save=do.save, close=do.close)),
        ),
        rx.cond(one.accounts.length() > 0, _accounts(one, now, do)),
        class_name="panel up",
        key=one.name,
    )


def _top(one: rx.Var[UpstreamPanel], now: Now, do: Deeds) -> rx.Component:
    return rx.el.div(
        rx.el.h2(one.title),
        rx.cond(one.own, rx.fragment(), rx.el.span(one.name, class_name="dim up-name")),
        rx.cond(
            (one.keeps | one.own) & (now.opened != one.name),
            rx.el.button(
                icon("plus", 14),
                rx.cond(one.own, w("define"), w("add_account")),
                on_click=do.add(one.name),
                type="button",
                auto_focus=now.left == one.name,
                class_name="btn up-add",
                custom_attrs={"aria-label": f"{rx.cond(one.own, w('define'), w('add_account'))} · {one.title}"},
            ),
        ),
        class_name="panel-top up-top",
    )


def _sources(one: rx.Var[UpstreamPanel]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(icon("chevron-right", 14), one.count),
        rx.el.ul(rx.foreach(one.sources, _source)),
        open=one.opened,
        class_name="up-sources",
    )


def _source(one: rx.Var[SourceLine]) -> rx.Component:
    return rx.el.li(
        rx.el.b(one.title),
        rx.el.code(one.name),
        rx.cond(one.note != "", rx.el.small(one.note)),
        rx.cond(one.more != "", rx.el.small(w("also"), ": ", one.more)),
        key=one.name,
    )


def _accounts(one: rx.Var[UpstreamPanel], now: Now, do: Deeds) -> rx.Component:
    heads = [
        (rx.cond(one.own, w("sources"), w("account")), "c-acct"),
        (w("health"), "c-health"),
        (w("calls_today"), "num c-calls"),
        (w("rate_now"), "num c-rate"),
        (rx.el.span(w("actions"), class_name="sr"), "c-do"),
    ]
    return rx.el.table(
        rx.el.caption(one.title, " ", w("accounts"), class_name="sr"),
        rx.el.thead(rx.el.tr(*[rx.el.th(text, class_name=look, scope="col") for text, look in heads])),
        rx.foreach(one.accounts, lambda account: _account(account, now, do)),
        class_name="accts",
    )


def _account(one: rx.Var[AccountLine], now: Now, do: Deeds) -> rx.Component:
    return rx.el.tbody(
        rx.el.tr(
            rx.el.th(
                rx.el.span(one.name, class_name="acct-name"),
                rx.cond(one.hint != "", rx.el.code(one.hint)),
                rx.cond(one.address != "", rx.el.small(one.address, class_name="address", title=one.address)),
                scope="row",
                class_name="c-acct",
            ),
            rx.el.td(_health(one), class_name="c-health"),
            rx.el.td(_calls(one), class_name="num c-calls"),
            rx.el.td(one.rate, rx.cond(one.cut != "", rx.el.small(one.cut, class_name="cut")), class_name="num c-rate"),
            rx.el.td(_deeds(one, now, do), class_name="c-do"),
        ),
        rx.cond(
            one.notice != "",
            rx.el.tr(rx.el.td(icon("calendar-clock", 14), one.notice, col_span=5, class_name="acct-notice")),
        ),
        rx.cond(one.tried.kind != "", rx.el.tr(rx.el.td(outcome(one.tried), col_span=5, class_name="acct-tried"))),
        key=one.key,
    )


def _health(one: rx.Var[AccountLine]) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            rx.match(
                one.health,
                *[(kind, icon(drawn, 13)) for kind, drawn in _HEALTH_ICONS.items()],
                icon("circle", 13),
            ),
            rx.el.span(one.label, class_name="chip-word"),
            class_name=f"chip h-{one.health}",
        ),
        rx.cond(one.why != "", rx.el.small(one.why)),
        class_name="health",
    )


def _calls(one: rx.Var[AccountLine]) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            rx.el.span(w("calls_today"), " ", class_name="narrow", custom_attrs={"aria-hidden": "true"}),
            one.spent,
            rx.cond(one.quota != "", rx.el.span(f" / {one.quota}", class_name="dim")),
            class_name="calls-n",
        ),
        rx.cond(
            one.quota != "",
            rx.el.div(
                rx.el.i(class_name=f"k-{one.full}", style={"width": one.width}),
                class_name="bar",
                custom_attrs={"aria-hidden": "true"},
            ),
        ),
        rx.cond(one.month != "", rx.el.small(one.month)),
        rx.cond(one.back != "", rx.el.small(one.back)),
        class_name="calls",
    )


def _deeds(one: rx.Var[AccountLine], now: Now, do: Deeds) -> rx.Component:
    return rx.cond(
        now.asks == one.key,
        _sure(one, do),
        rx.el.div(
            rx.cond(
                one.testable,
                rx.el.button(
                    icon("zap", 14),
                    rx.cond(now.busy == one.key, w("testing"), w("test")),
                    type="button",
                    on_click=do.attempt(one.key),
                    disabled=now.busy != "",
                    title=w("test_hint"),
                    class_name="btn",
                    custom_attrs={"aria-label": f"{w('test')} {one.name}"},
                ),
            ),
            rx.cond(
                one.kept,
                rx.fragment(
                    _drawn("pencil", "change", one, do.change(one.key), False),
                    _drawn("trash-2", "remove", one, do.ask(one.key), now.left == one.key),
                ),
            ),
            class_name="deeds",
        ),
    )


def _sure(one: rx.Var[AccountLine], do: Deeds) -> rx.Component:
    return rx.el.div(
        rx.el.span(w("remove_sure")),
        rx.el.button(w("remove_yes"), type="button", on_click=do.remove(one.key), class_name="btn d", auto_focus=True),
        rx.el.button(w("keep"), type="button", on_click=do.unask, class_name="btn"),
        class_name="sure",
        role="alertdialog",
        custom_attrs={"aria-label": f"{w('remove_sure')} {one.name}"},
    )


def _drawn(drawn: str, key: str, one: rx.Var[AccountLine], do: Do, first: rx.Var[bool] | bool) -> rx.Component:
    return rx.el.button(
        icon(drawn, 14),
        type="button",
        on_click=do,
        auto_focus=first,
        title=w(key),
        class_name="btn q square",
        custom_attrs={"aria-label": f"{w(key)} {one.name}"},
    )
