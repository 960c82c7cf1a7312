"""The frame of every page: rail, top bar with the live sign, language and theme, and what went wrong."""

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from app.web.components.basics import icon, link, notice
from app.web.state import Ui, w


class _PlainForm(rx.el.Div):
    """A form that the browser sends by itself; Reflex keeps its own from being sent."""

    tag = "form"


def page(
    *children: rx.Component,
    active: str,
    crumb: rx.Component | rx.Var[str],
    sign: rx.Var[str] | str = "live",
    on_language: rx.event.EventType[()] | None = None,
) -> rx.Component:
    """A page. ``active`` is the rail's entry; ``sign`` is "live", "stale" or "queue_away"; ``on_language`` reads
    again what the server has written in the other language."""
    return rx.el.div(
        rx.el.a(w("skip"), href="#content", class_name="skip"),
        _rail(active),
        rx.el.div(
            _top(crumb, sign, on_language),
            rx.el.main(
                rx.cond(
                    Ui.trouble,
                    notice(
                        "fail", w("went_wrong"), rx.el.button(w("dismiss"), class_name="btn q", on_click=Ui.dismiss)
                    ),
                ),
                *children,
                id="content",
                tab_index=-1,
            ),
            class_name="body",
        ),
        class_name="app",
        lang=Ui.language,
        custom_attrs={"data-language": Ui.language},
    )


def _rail(active: str) -> rx.Component:
    return rx.el.nav(
        link(
            rx.el.span(rx.el.i(), class_name="mark", custom_attrs={"aria-hidden": "true"}),
            rx.el.span(w("brand")),
            to="/",
            class_name="brand",
        ),
        _entry("layers", "batches", "/", active == "batches"),
        _entry("plus", "new_batch", "/new", active == "new"),
        _entry("plug", "sources", "/sources", active == "sources"),
        rx.cond(Ui.scopes.contains("admin"), _queue()),
        rx.cond(Ui.person != "", _person()),
        class_name="rail",
        custom_attrs={"aria-label": w("navigation")},
    )


def _queue() -> rx.Component:
    return link(
        icon("activity"),
        rx.el.span(w("queue")),
        rx.el.span(icon("external-link", 13), class_name="n"),
        rx.el.span(w("new_tab"), class_name="sr"),
        to="/rq/",
        reload_document=True,
        target="_blank",
        rel="noopener",
        class_name="nav",
    )


def _person() -> rx.Component:
    """Who is signed in, and the way out: a plain form, because the door is no page of this application."""
    return _PlainForm.create(
        rx.el.span(w("signed_in_as"), class_name="sr"),
        rx.el.b(Ui.person, title=Ui.person),
        rx.el.button(
            icon("log-out"),
            rx.el.span(w("sign_out"), class_name="who-word"),
            type="submit",
            class_name="btn q square",
            title=w("sign_out"),
            custom_attrs={"aria-label": w("sign_out")},
        ),
        class_name="who",
        custom_attrs={"action": "/sign-out", "method": "post"},
    )


def _entry(drawn: str, key: str, to: str, on: bool) -> rx.Component:
    current = {"aria-current": "page"} if on else {}
    return link(icon(drawn), rx.el.span(w(key)), to=to, class_name="nav on" if on else "nav", custom_attrs=current)


def _top(
    crumb: rx.Component | rx.Var[str], sign: rx.Var[str] | str, on_language: rx.event.EventType[()] | None
) -> rx.Component:
    return rx.el.header(
        rx.el.div(crumb, class_name="crumb"),
        _sign(sign),
        rx.el.div(
            _language("ko", "한국어", on_language),
            _language("en", "EN", on_language),
            class_name="switch",
            role="group",
            custom_attrs={"aria-label": w("language")},
        ),
        rx.el.button(
            rx.el.span(icon("moon"), class_name="to-dark"),
            rx.el.span(icon("sun"), class_name="to-light"),
            on_click=rx.toggle_color_mode,
            class_name="btn q square",
            type="button",
            title=rx.color_mode_cond(light=w("theme_dark"), dark=w("theme_light")),
            custom_attrs={"aria-label": rx.color_mode_cond(light=w("theme_dark"), dark=w("theme_light"))},
        ),
        class_name="top",
    )


def _sign(sign: rx.Var[str] | str) -> rx.Component:
    shown = rx.cond(
        has_connection_errors,
        "reconnecting",
        rx.cond(rx.State.is_hydrated, rx.Var.create(sign).to(str), "connecting"),
    )
    words = [(key, w(key)) for key in ("live", "reconnecting", "connecting", "stale", "queue_away")]
    hints = [(key, w(f"{key}_hint")) for key in ("live", "reconnecting", "stale", "queue_away")]
    return rx.el.div(
        rx.el.span(class_name="dot"),
        rx.match(shown, *words, ""),
        class_name=f"live l-{shown}",
        title=rx.match(shown, *hints, ""),
        role="status",
    )


def _language(code: str, label: str, on_language: rx.event.EventType[()] | None) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        lang=code,
        on_click=[Ui.speak(code), *([on_language] if on_language is not None else [])],
        class_name=rx.cond(Ui.language == code, "on", ""),
        custom_attrs={"aria-pressed": rx.cond(Ui.language == code, "true", "false")},
    )
