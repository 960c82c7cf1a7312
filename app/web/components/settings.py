"""Parts that the sections of the settings are made of. They know no page."""

from typing import Any

import reflex as rx

from app.web import once, sure
from app.web.components.basics import icon, link, notice, skeleton_lines
from app.web.people import SessionLine
from app.web.state import Ui, w
from app.web.sure import Question

Do = Any  # an event handler
#: The sections with their icons; those that only who manages the house sees come after the first.
SECTIONS = (
    *(("me", "user"), ("people", "users"), ("tokens", "key-round"), ("webhooks", "webhook")),
    *(("audit", "history"), ("house", "house")),
)


def nav(section: rx.Var[str]) -> rx.Component:
    """The ways to the sections that the person may see."""
    entries = [_entry(name, drawn, section) for name, drawn in SECTIONS]
    return rx.el.nav(
        entries[0],
        rx.cond(Ui.scopes.contains("admin"), rx.fragment(*entries[1:])),
        class_name="st-nav",
        custom_attrs={"aria-label": w("settings_sections")},
    )


def _entry(name: str, drawn: str, section: rx.Var[str]) -> rx.Component:
    on = section == name
    return link(
        icon(drawn),
        rx.el.span(w(f"section_{name}")),
        to=f"/settings?section={name}",
        class_name=rx.cond(on, "st-link on", "st-link"),
        custom_attrs={"aria-current": rx.cond(on, "page", "false")},
    )


def panel(title: rx.Var[str], *children: rx.Component, lead: rx.Var[str] | None = None) -> rx.Component:
    """A part of a section."""
    below = [rx.el.p(lead, class_name="mut")] if lead is not None else []
    head = rx.el.div(rx.el.h2(title), *below, class_name="st-head")
    return rx.el.section(head, *children, class_name="panel st-panel")


def body(phase: rx.Var[str], problem: rx.Var[str], *children: rx.Component) -> rx.Component:
    """What a section shows while it is read, when it could not be, and when it was."""
    return rx.match(
        phase,
        ("loading", rx.el.div(skeleton_lines(4), class_name="panel", custom_attrs={"aria-busy": "true"})),
        ("unread", notice("fail", rx.el.strong(w("unread_title")), rx.el.p(problem))),
        rx.fragment(rx.cond(problem != "", notice("wait", problem)), *children),
    )


def field(label: rx.Var[str], control: rx.Component, hint: rx.Var[str] | None = None) -> rx.Component:
    """A control with its label."""
    below = [rx.el.small(hint)] if hint is not None else []
    return rx.el.label(rx.el.span(label), control, *below, class_name="field")


def submit(key: str) -> rx.Component:
    """The button of a form that adds something."""
    return rx.el.div(rx.el.button(icon("plus"), w(key), type="submit", class_name="btn p"), class_name="form-acts")


def refusal(text: rx.Var[str]) -> rx.Component:
    """Why a form was not taken."""
    return rx.el.div(rx.cond(text != "", notice("fail", text)), custom_attrs={"aria-live": "assertive"})


def sessions(found: rx.Var[list[SessionLine]], end: Do) -> rx.Component:
    """Browsers that are signed in; ``end`` takes a mark."""
    heads = [("session_began", ""), ("session_seen", ""), ("session_from", ""), ("session_ends", "wide-only")]
    return rx.el.table(
        rx.el.caption(w("sessions"), class_name="sr"),
        rx.el.thead(
            rx.el.tr(
                *[rx.el.th(w(key), scope="col", class_name=look) for key, look in heads],
                rx.el.th(rx.el.span(w("st_actions"), class_name="sr"), scope="col"),
            )
        ),
        rx.el.tbody(rx.foreach(found, lambda one: _session(one, end))),
        class_name="list st-table",
    )


def _session(one: rx.Var[SessionLine], end: Do) -> rx.Component:
    return rx.el.tr(
        rx.el.td(one.began),
        rx.el.td(one.seen),
        rx.el.td(one.peer, class_name="mono mut"),
        rx.el.td(one.ends, class_name="mut wide-only"),
        rx.el.td(
            rx.cond(
                one.this,
                rx.el.span(w("session_this"), class_name="chip s-running"),
                rx.el.button(w("session_end"), type="button", on_click=end(one.mark), class_name="btn sm"),
            ),
            class_name="st-do",
        ),
        key=one.mark,
    )


def question(asked: rx.Var[Question], agree: Do) -> rx.Component:
    """The dialog in which a deed is confirmed."""
    shut = rx.call_script(f"keybatchClose('{sure.DIALOG}')")
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(asked.title, id=f"{sure.DIALOG}-title"),
            rx.cond(asked.body != "", rx.el.p(asked.body)),
            rx.el.div(
                rx.el.button(w("bulk_never"), type="button", on_click=shut, class_name="btn"),
                rx.el.button(
                    asked.confirm,
                    type="button",
                    on_click=[agree, shut],
                    class_name=rx.cond(asked.harmful, "btn d", "btn p"),
                ),
                class_name="dlg-acts",
            ),
            class_name="dlg-body",
        ),
        id=sure.DIALOG,
        class_name="dlg",
        custom_attrs={"aria-labelledby": f"{sure.DIALOG}-title"},
    )


def secret_once() -> rx.Component:
    """The dialog that shows a secret once. Its title and the secret are put in by the browser (`app.web.once`)."""
    value = f"{once.DIALOG}-value"
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(id=f"{once.DIALOG}-title"),
            rx.el.p(w("once_lead"), class_name="mut"),
            rx.el.div(
                rx.el.input(
                    id=value,
                    read_only=True,
                    spell_check=False,
                    auto_complete="off",
                    class_name="inp mono",
                    custom_attrs={"aria-labelledby": f"{once.DIALOG}-title"},
                ),
                rx.el.button(
                    icon("copy"),
                    rx.el.span(w("once_copy"), class_name="to-copy"),
                    rx.el.span(w("once_copied"), class_name="copied"),
                    type="button",
                    class_name="btn p",
                    custom_attrs={"data-copy": value},
                ),
                class_name="once-row",
            ),
            rx.el.div(
                rx.el.button(
                    w("close"),
                    type="button",
                    on_click=rx.call_script(f"keybatchClose('{once.DIALOG}')"),
                    class_name="btn",
                ),
                class_name="dlg-acts",
            ),
            class_name="dlg-body",
        ),
        id=once.DIALOG,
        class_name="dlg",
        custom_attrs={"aria-labelledby": f"{once.DIALOG}-title"},
    )
