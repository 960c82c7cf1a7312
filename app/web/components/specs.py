"""The form for a source that a person defines. It knows no page."""

from typing import Any

import reflex as rx

from app.web.components.basics import icon, notice
from app.web.components.fields import labelled
from app.web.components.trials import outcome
from app.web.specs import SpecForm
from app.web.state import w
from app.web.trials import TrialShown

Do = Any  # an event handler


def spec_form(
    form: rx.Var[SpecForm],
    refusal: rx.Var[str],
    tried: rx.Var[TrialShown],
    busy: rx.Var[bool],
    *,
    submit: Do,
    close: Do,
) -> rx.Component:
    """The form; what was typed stays until it is closed."""
    return rx.el.form(
        rx.el.h3(rx.cond(form.changes == "", w("define_new"), rx.fragment(w("change"), ": ", f"http.{form.changes}"))),
        _address(form),
        _answer(form),
        _limits(form),
        rx.el.div(
            rx.cond(refusal != "", notice("fail", refusal)),
            rx.cond(tried.kind != "", outcome(tried)),
            custom_attrs={"aria-live": "polite"},
        ),
        rx.el.input(type="hidden", id="intent", name="intent"),  # what the button that was pressed means
        _acts(busy, close),
        on_submit=submit,
        auto_complete="off",
        class_name="up-form",
        key=f"spec.{form.serial}",
    )


def _acts(busy: rx.Var[bool], close: Do) -> rx.Component:
    return rx.el.div(
        rx.el.button(w("save"), type="submit", disabled=busy, class_name="btn p", custom_attrs={"data-intent": "save"}),
        rx.el.button(
            icon("zap", 14),
            rx.cond(busy, w("testing"), w("test")),
            type="submit",
            disabled=busy,
            title=w("test_hint"),
            class_name="btn",
            custom_attrs={"data-intent": "test"},
        ),
        rx.el.label(
            rx.el.span(w("source_trial"), class_name="sr"),
            rx.el.input(name="trial", placeholder=w("source_trial"), auto_complete="off", class_name="inp"),
            class_name="with-test",
        ),
        rx.el.button(w("close"), type="button", on_click=close, class_name="btn"),
        class_name="form-acts",
    )


def _address(form: rx.Var[SpecForm]) -> rx.Component:
    return rx.el.div(
        rx.cond(
            form.changes == "",
            labelled(w("source_name"), _input("name", "", w("source_name_hint"), first=True), needed=True),
        ),
        labelled(w("source_title"), _input("title", form.title)),
        labelled(w("source_method"), _select("method", form.method, [("GET", "GET"), ("POST", "POST")])),
        labelled(
            w("source_url"),
            _input("url", form.url, "https://api.example.com/search?q={keyword}"),
            w("source_url_hint"),
            needed=True,
            wide=True,
        ),
        rx.el.div(
            labelled(w("source_body"), _area("body", form.body, '{"query": "{keyword}"}')),
            class_name="field wide for-post",
        ),
        labelled(
            w("source_headers"),
            _area("headers", form.headers, "Authorization: Bearer …"),
            w("source_headers_hint"),
            wide=True,
        ),
        class_name="fields",
    )


def _answer(form: rx.Var[SpecForm]) -> rx.Component:
    absent = [("failed", w("absent_failed")), ("missing", w("absent_missing"))]
    return rx.el.div(
        labelled(w("source_path"), _input("path", form.path, "meta.total"), w("source_path_hint"), needed=True),
        labelled(w("source_absent"), _select("absent", form.absent, absent)),
        labelled(
            w("source_rules"),
            _area("rules", form.rules, "429 = throttled\nerror.code == 'LIMIT' = quota_spent"),
            w("source_rules_hint"),
            wide=True,
        ),
        class_name="fields",
    )


def _limits(form: rx.Var[SpecForm]) -> rx.Component:
    return rx.el.div(
        labelled(w("source_rate"), _input("rate", form.rate, "5/s")),
        labelled(w("source_daily_quota"), _input("daily_quota", form.daily_quota, w("unlimited"))),
        labelled(w("source_zone"), _input("zone", form.zone, "Asia/Seoul")),
        labelled(w("source_decimals"), _input("decimals", form.decimals, "0")),
        labelled(w("source_control"), _input("control", form.control), w("source_control_hint")),
        class_name="fields",
    )


def _input(
    name: str, value: rx.Var[str] | str, example: rx.Var[str] | str = "", *, first: bool = False
) -> rx.Component:
    return rx.el.input(
        name=name,
        default_value=value,
        placeholder=example,
        auto_focus=first,
        auto_complete="off",
        spell_check=False,
        class_name="inp",
        custom_attrs={"autoCapitalize": "off"},
    )


def _area(name: str, value: rx.Var[str], example: str) -> rx.Component:
    return rx.el.textarea(
        name=name,
        default_value=value,
        placeholder=example,
        rows=2,
        auto_complete="off",
        spell_check=False,
        class_name="inp area",
        custom_attrs={"autoCapitalize": "off"},
    )


def _select(name: str, value: rx.Var[str], options: list[tuple[str, Any]]) -> rx.Component:
    return rx.el.select(
        *[rx.el.option(label, value=one) for one, label in options], name=name, default_value=value, class_name="inp"
    )
