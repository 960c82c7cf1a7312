"""Labelled fields, and the form for an account. They know no page."""

from typing import Any

import reflex as rx

from app.web.components.basics import icon, notice
from app.web.fields import AccountForm, FieldShown, Option
from app.web.state import w

Do = Any  # an event handler


def account_form(form: rx.Var[AccountForm], refusal: rx.Var[str], *, save: Do, close: Do) -> rx.Component:
    """The form for an account, new or changed."""
    return rx.el.form(
        rx.el.h3(form.title),
        rx.el.div(
            _name(form),
            rx.foreach(form.main, _field),
            class_name="fields",
        ),
        rx.el.details(
            rx.el.summary(icon("chevron-right", 14), w("limits"), rx.el.small(w("limits_hint"))),
            rx.el.div(rx.foreach(form.limits, _field), class_name="fields"),
            class_name="up-more",
        ),
        rx.el.div(rx.cond(refusal != "", notice("fail", refusal)), custom_attrs={"aria-live": "assertive"}),
        rx.el.div(
            rx.el.button(w("save"), type="submit", class_name="btn p"),
            rx.el.button(w("close"), type="button", on_click=close, class_name="btn"),
            rx.el.small(icon("lock", 13), w("sealed_hint"), class_name="sealed"),
            class_name="form-acts",
        ),
        on_submit=save,
        auto_complete="off",
        class_name="up-form",
        key=f"{form.upstream}.{form.serial}",
    )


def _name(form: rx.Var[AccountForm]) -> rx.Component:
    return rx.cond(
        form.name == "",
        labelled(
            w("account_name"),
            rx.el.input(
                name="account",
                auto_focus=True,
                auto_complete="off",
                max_length=40,
                placeholder=w("account_name_hint"),
                class_name="inp",
                custom_attrs={"aria-required": "true"},
            ),
            needed=True,
        ),
    )


def labelled(
    label: rx.Var[str], control: rx.Component, hint: rx.Var[str] | str = "", *, needed: rx.Var[bool] | bool = False,
    wide: bool = False
) -> rx.Component:  # fmt: skip
    """A control with its label and a hint below."""
    return rx.el.label(
        rx.el.span(label, rx.cond(needed, rx.el.i("*", title=w("needed"), class_name="needed"))),
        control,
        rx.cond(rx.Var.create(hint).to(str) != "", rx.el.small(hint)),
        class_name="field wide" if wide else "field",
    )


def _field(one: rx.Var[FieldShown]) -> rx.Component:
    control = rx.match(
        one.kind,
        ("secret", _input(one, "password", "new-password")),
        (
            "pick",
            rx.el.select(rx.foreach(one.options, _option), name=one.name, default_value=one.value, class_name="inp"),
        ),
        _input(one, "text", "off"),
    )
    return rx.el.div(labelled(one.label, control, one.hint, needed=one.needed), key=one.name)


def _input(one: rx.Var[FieldShown], kind: str, auto_complete: str) -> rx.Component:
    return rx.el.input(
        name=one.name,
        type=kind,
        default_value=one.value,
        placeholder=one.example,
        auto_complete=auto_complete,
        spell_check=False,
        class_name="inp",
        custom_attrs={"aria-required": rx.cond(one.needed, "true", "false"), "autoCapitalize": "off"},
    )


def _option(one: rx.Var[Option]) -> rx.Component:
    return rx.el.option(one.label, value=one.value, key=one.value)
