"""The parts of the form for a new batch that its script (assets/new.js) brings to life. They know no page."""

from collections.abc import Mapping

import reflex as rx

from app.web.components.basics import icon, notice
from app.web.state import Ui, w

#: What the script writes before the form is sent: why it is sent, the key of this filled form, which text it is, the
#: text itself or the name under which a longer one was sent before, the tags.
_HIDDEN = ("intent", "key", "turn", "keywords", "pasted", "tags")


def hidden() -> list[rx.Component]:
    """The fields that are the script's."""
    return [rx.el.input(type="hidden", name=name) for name in _HIDDEN]


def said(values: Mapping[str, rx.Var[str]]) -> rx.Component:
    """What the server tells the script."""
    attributes = {f"data-{name}": value for name, value in values.items()}
    return rx.el.span(hidden=True, custom_attrs={"id": "new-said", **attributes})


def wrong(here: rx.Var[bool], refusal: rx.Var[str], gentle: rx.Var[bool], place: str) -> rx.Component:
    """A refusal at the part of the form that it is about; a gentle one only keeps the preview from being made."""
    return rx.el.div(
        rx.cond(
            here & (refusal != ""),
            rx.cond(gentle, rx.el.p(refusal, class_name="gently"), notice("fail", refusal)),
        ),
        class_name="wrong",
        custom_attrs={"aria-live": "assertive", "data-place": place},
    )


def counted(file: rx.Var[bool], chooser: rx.Component) -> rx.Component:
    """The head of the box: how many lines there are, and the button that chooses a file."""
    count = rx.el.output(id="keyword-count", html_for="keywords")
    return rx.el.div(
        rx.el.label(w("keywords"), html_for="keywords", class_name="strong"),
        rx.el.span(count, " ", w("lines"), class_name=rx.cond(file, "chip num away", "chip num")),
        chooser,
        class_name="panel-top",
    )


def paste(file: rx.Var[bool]) -> rx.Component:
    """The box for lines; it stays where it is, unseen, while there is a file. A list too long for a box is shown by the
    script, which draws only what is in view."""
    return rx.el.div(
        rx.el.div(rx.el.div(id="keyword-gutter"), class_name="ln", custom_attrs={"aria-hidden": "true"}),
        rx.el.textarea(
            placeholder=w("keywords_hint"),
            spell_check=False,
            wrap="off",
            auto_focus=True,
            auto_complete="off",
            # Of no form: what is in it goes along only when it is wanted.
            name="typed",
            form="none",
            custom_attrs={"id": "keywords", "autoCapitalize": "off"},
        ),
        rx.el.div(
            id="keyword-list",
            class_name="long-list",
            role="region",
            tab_index=0,
            custom_attrs={"aria-label": w("keywords")},
        ),
        rx.el.div(
            rx.el.span(w("long_list")),
            rx.el.button(w("long_edit"), type="button", class_name="btn q", custom_attrs={"data-long": "edit"}),
            rx.el.button(w("long_clear"), type="button", class_name="btn q", custom_attrs={"data-long": "clear"}),
            class_name="long-bar",
        ),
        class_name=rx.cond(file, "paste away", "paste"),
    )


def restored(forget: rx.event.EventType[()]) -> rx.Component:
    """Says that what was typed before is there again; the script shows it. ``forget`` drops what the server keeps."""
    return rx.el.p(
        icon("history", 14),
        rx.el.span(w("draft_restored")),
        rx.el.button(
            w("draft_discard"),
            type="button",
            class_name="btn q",
            on_click=forget,
            custom_attrs={"data-draft": "discard"},
        ),
        class_name="restored",
        role="status",
    )


def submit(count: rx.Var[str], busy: rx.Var[bool], refusal: rx.Component, hint: rx.Var[str]) -> rx.Component:
    """The button, and what stands in its way. It says how many only while that is of the text in the box."""
    label = rx.fragment(
        rx.el.span(rx.cond(count != "", count, w("submit")), class_name="exact"),
        rx.el.span(w("submit"), class_name="inexact"),
    )
    return rx.el.div(
        refusal,
        rx.el.div(rx.cond(hint != "", notice("wait", hint)), custom_attrs={"aria-live": "assertive"}),
        rx.el.p(w("not_sent"), class_name="notice n-fail not-sent", role="alert"),
        rx.cond(
            Ui.scopes.contains("submit"),
            rx.el.button(
                rx.cond(busy, w("submitting"), label),
                rx.el.kbd("Ctrl ↵", custom_attrs={"aria-hidden": "true"}),
                type="submit",
                disabled=busy,
                class_name="btn p wide",
                custom_attrs={"aria-keyshortcuts": "Control+Enter", "data-intent": "submit"},
            ),
            rx.el.p(w("only_look"), class_name="mut"),
        ),
        class_name="sec go",
    )
