"""Webhooks and what they were told. They know no page."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from app.web.components import settings as parts
from app.web.components.basics import icon, link
from app.web.hooks import DeliveryLine, EventChoice, HookLine, TryLine
from app.web.state import w

Do = Any  # an event handler


@dataclass(frozen=True)
class Deeds:
    """What is done when a button is pressed."""

    switch: Do
    test: Do
    rotate: Do
    remove: Do
    show: Do
    resend: Do
    show_more: Do


def hook(one: rx.Var[HookLine], opened: rx.Var[int], told: rx.Component, deeds: Deeds) -> rx.Component:
    """A webhook, with what it was told where that is open."""
    open_ = opened == one.id
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.code(one.url, title=one.url),
                rx.el.span(one.label, class_name=rx.cond(one.active, "chip s-running", "chip")),
                class_name="hk-url",
            ),
            rx.cond(one.description != "", rx.el.p(one.description)),
            rx.el.p(one.events, class_name="mut"),
            rx.cond(one.why != "", rx.el.p(one.why, class_name="mut")),
            class_name="hk-about",
        ),
        _deeds(one, open_, deeds),
        rx.cond(open_, told),
        key=one.id,
    )


def _deeds(one: rx.Var[HookLine], open_: rx.Var[bool], deeds: Deeds) -> rx.Component:
    def button(drawn: str, key: str, do: Do, look: str = "btn sm", **more: Any) -> rx.Component:
        return rx.el.button(icon(drawn, 14), w(key), type="button", on_click=do, class_name=look, **more)

    expanded = {"aria-expanded": rx.cond(open_, "true", "false")}
    going = [
        button("send", "hook_test", deeds.test(one.id)),
        button("pause", "hook_pause", deeds.switch(one.id, False)),
    ]
    return rx.el.div(
        button("list", "deliveries", deeds.show(one.id), custom_attrs=expanded),
        rx.cond(one.active, rx.fragment(*going), button("play", "hook_resume", deeds.switch(one.id, True))),
        button("refresh-cw", "rotate", deeds.rotate(one.id)),
        button("trash-2", "hook_remove", deeds.remove(one.id), "btn sm d"),
        class_name="st-deeds",
    )


def deliveries(told: rx.Var[list[DeliveryLine]], is_more: rx.Var[bool], deeds: Deeds) -> rx.Component:
    """What a webhook was told, newest first, with each try."""
    return rx.el.div(
        rx.cond(
            told.length() > 0,
            rx.el.ul(rx.foreach(told, lambda one: _delivery(one, deeds)), class_name="dv"),
            rx.el.p(w("no_deliveries"), class_name="mut"),
        ),
        rx.cond(is_more, rx.el.button(w("older"), type="button", on_click=deeds.show_more, class_name="btn sm")),
        class_name="hk-told",
    )


def _delivery(one: rx.Var[DeliveryLine], deeds: Deeds) -> rx.Component:
    again = rx.el.button(
        w("resend"),
        type="button",
        on_click=deeds.resend(one.id),
        class_name="btn sm",
        custom_attrs={"aria-label": f"{w('resend')}: {one.event} {one.batch}"},
    )
    tries = rx.el.details(
        rx.el.summary(icon("chevron-right", 13), one.tried),
        rx.el.ul(rx.foreach(one.tries, _try), class_name="dv-tries"),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.label, class_name=f"chip d-{one.state}"),
            rx.el.b(one.event),
            rx.cond(one.address != "", link(one.batch, to=one.address, class_name="dv-batch")),
            rx.el.span(one.made, class_name="mut"),
            rx.cond(one.due != "", rx.el.span(one.due, class_name="mut")),
            again,
            class_name="dv-head",
        ),
        rx.cond(one.tries.length() > 0, tries),
        key=one.id,
    )


def _try(one: rx.Var[TryLine]) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.at, class_name="mut"),
        rx.el.b(one.outcome),
        rx.el.span(one.took, class_name="mut"),
        rx.cond(one.detail != "", rx.el.code(one.detail)),
    )


def form(choices: rx.Var[list[EventChoice]], refusal: rx.Var[str], serial: rx.Var[int], create: Do) -> rx.Component:
    """A new webhook."""
    url = rx.el.input(
        name="url",
        type="url",
        required=True,
        max_length=2000,
        placeholder="https://",
        auto_complete="off",
        spell_check=False,
        class_name="inp",
    )
    description = rx.el.input(name="description", max_length=200, auto_complete="off", class_name="inp")
    ticks = rx.foreach(
        choices,
        lambda one: rx.el.label(
            rx.el.input(type="checkbox", name=f"event:{one.name}", default_checked=one.on, class_name="tick"),
            rx.el.span(one.label, " ", rx.el.code(one.name)),
            class_name="st-tick",
            key=one.name,
        ),
    )
    return rx.el.form(
        rx.el.div(
            parts.field(w("hook_url"), url, w("hook_url_hint")),
            parts.field(w("hook_description"), description),
            class_name="fields",
        ),
        rx.el.fieldset(rx.el.legend(w("hook_events")), ticks, class_name="st-ticks"),
        parts.refusal(refusal),
        rx.el.div(
            rx.el.button(icon("plus"), w("make_hook"), type="submit", class_name="btn p"), class_name="form-acts"
        ),
        on_submit=create,
        class_name="st-form wide",
        key=serial.to_string(),
    )
