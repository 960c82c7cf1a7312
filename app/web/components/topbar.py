"""The top bar: where one is, the way to anywhere, the live sign, language, theme, and who is signed in."""

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from app.web.components.basics import icon, link
from app.web.state import Ui, w

OnLanguage = rx.event.EventType[()] | None


class _PlainForm(rx.el.Div):
    """A form that the browser sends by itself; Reflex keeps its own from being sent."""

    tag = "form"


def topbar(crumb: rx.Component | rx.Var[str], sign: rx.Var[str] | str, on_language: OnLanguage) -> rx.Component:
    """``on_language`` reads again what the server has written in the other language."""
    return rx.el.header(
        rx.el.div(crumb, class_name="crumb"),
        rx.el.button(
            icon("search"),
            rx.el.span(w("search_or_go"), class_name="find-word"),
            rx.el.kbd("Ctrl K", custom_attrs={"aria-hidden": "true"}),
            type="button",
            class_name="find",
            custom_attrs={
                "data-palette": "",
                "aria-keyshortcuts": "Control+K",
                "aria-haspopup": "dialog",
                "aria-label": w("search_or_go"),
            },
        ),
        live_sign(sign),
        rx.el.div(_language_switch(on_language), _theme(), class_name="top-prefs"),
        rx.cond(Ui.person != "", _account(on_language)),
        class_name="top",
    )


def live_sign(sign: rx.Var[str] | str) -> rx.Component:
    """What is true of what is on screen: live, or why not."""
    shown = rx.cond(
        has_connection_errors,
        "reconnecting",
        rx.cond(rx.State.is_hydrated, rx.Var.create(sign).to(str), "connecting"),
    )
    words = [(key, w(key)) for key in ("live", "reconnecting", "connecting", "stale", "queue_away")]
    hints = [(key, w(f"{key}_hint")) for key in ("live", "reconnecting", "stale", "queue_away")]
    return rx.el.div(
        rx.el.span(class_name="dot"),
        rx.el.span(rx.match(shown, *words, ""), class_name="live-word"),
        rx.el.span(w("offline_now"), class_name="offline-word"),
        rx.el.span(w("reconnecting"), class_name="cut-word", title=w("reconnecting_hint")),  # assets/keybatch.js
        class_name=f"live l-{shown}",
        title=rx.match(shown, *hints, ""),
        role="status",
    )


def _theme() -> rx.Component:
    label = rx.color_mode_cond(light=w("theme_dark"), dark=w("theme_light"))
    return rx.el.button(
        rx.el.span(icon("moon"), class_name="to-dark"),
        rx.el.span(icon("sun"), class_name="to-light"),
        on_click=rx.toggle_color_mode,
        class_name="btn q square",
        type="button",
        title=label,
        custom_attrs={"aria-label": label},
    )


def _language_switch(on_language: OnLanguage) -> rx.Component:
    return rx.el.div(
        _language("ko", "한국어", on_language),
        _language("en", "EN", on_language),
        class_name="switch",
        role="group",
        custom_attrs={"aria-label": w("language")},
    )


def _language(code: str, label: str, on_language: OnLanguage) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        lang=code,
        on_click=[Ui.speak(code), *([on_language] if on_language is not None else [])],
        class_name=rx.cond(Ui.language == code, "on", ""),
        custom_attrs={"aria-pressed": rx.cond(Ui.language == code, "true", "false")},
    )


def _account(on_language: OnLanguage) -> rx.Component:
    """Who is signed in, and the way out: a plain form, because the door is no page of this application."""
    return rx.el.details(
        rx.el.summary(
            rx.el.span(Ui.initials, class_name="avatar", custom_attrs={"aria-hidden": "true"}),
            rx.el.span(w("my_account"), class_name="sr"),
            title=Ui.person,
        ),
        rx.el.div(
            rx.el.div(rx.el.b(Ui.person, title=Ui.person), class_name="menu-who"),
            rx.el.div(_language_switch(on_language), _theme(), class_name="menu-prefs"),
            link(icon("user"), w("my_settings"), to="/settings?section=me", class_name="menu-item"),
            rx.el.button(
                icon("keyboard"),
                w("shortcuts"),
                type="button",
                class_name="menu-item",
                custom_attrs={"data-help": ""},
            ),
            _PlainForm.create(
                rx.el.button(icon("log-out"), w("sign_out"), type="submit", class_name="menu-item"),
                custom_attrs={"action": "/sign-out", "method": "post"},
            ),
            class_name="menu",
        ),
        class_name="account",
        custom_attrs={"data-menu": ""},
    )
