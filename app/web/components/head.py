"""The top of a batch's page: its name, which can be changed where it stands, its state, its tags, whose it is."""

from typing import Any, NamedTuple

import reflex as rx

from app.services.batches import MAX_NAME, MAX_TAG
from app.web.components.basics import chip, icon
from app.web.shown import Head
from app.web.state import Ui, w


class Naming(NamedTuple):
    """The handlers that change what a batch is called; ``edit`` takes what to edit: ``name``, ``tag`` or "" """

    edit: Any
    rename: Any
    tag: Any
    untag: Any


def title(head: rx.Var[Head], editing: rx.Var[str], naming: Naming) -> rx.Component:
    """Name, state, tags and what else is worth a line."""
    may = Ui.scopes.contains("submit")
    return rx.el.div(
        rx.cond(may & (editing == "name"), _name_form(head, naming), _name(head, may, naming)),
        rx.el.div(
            chip(head.state, head.label),
            rx.foreach(head.tags, lambda tag: _tag(tag, may, naming)),
            rx.cond(may, rx.cond(editing == "tag", _tag_form(naming), _add_tag(naming))),
            rx.el.span(head.about, class_name="mut"),
            class_name="about",
        ),
        rx.el.span(
            id="page-title",
            hidden=True,
            custom_attrs={
                "data-title": head.page_title,
                "data-ended": rx.cond(head.ended, "true", "false"),
                "data-notice": head.notice,
            },
        ),
        class_name="title",
    )


def _name(head: rx.Var[Head], may: rx.Var[bool], naming: Naming) -> rx.Component:
    return rx.el.div(
        rx.el.h1(head.name, title=head.name),
        rx.cond(
            may,
            rx.el.button(
                icon("pencil", 14),
                type="button",
                on_click=naming.edit("name"),
                class_name="btn q square rename",
                title=w("rename"),
                custom_attrs={"aria-label": w("rename")},
            ),
        ),
        class_name="name-row",
    )


def _name_form(head: rx.Var[Head], naming: Naming) -> rx.Component:
    return rx.el.form(
        rx.el.input(
            name="name",
            default_value=head.name,
            max_length=MAX_NAME,
            required=True,
            auto_focus=True,
            auto_complete="off",
            class_name="inp name-field",
            custom_attrs={"aria-label": w("name")},
        ),
        rx.el.button(w("save_name"), type="submit", class_name="btn p"),
        _never_mind(naming),
        on_submit=naming.rename,
        reset_on_submit=False,
        class_name="name-form",
    )


def _tag(tag: rx.Var[str], may: rx.Var[bool], naming: Naming) -> rx.Component:
    return rx.el.span(
        icon("tag", 12),
        rx.el.span(tag, class_name="chip-word"),
        rx.cond(
            may,
            rx.el.button(
                icon("x", 12),
                type="button",
                on_click=naming.untag(tag),
                title=w("untag"),
                custom_attrs={"aria-label": f"{w('untag')}: {tag}"},
            ),
        ),
        class_name="chip tag-chip",
        title=tag,
        key=tag,
    )


def _add_tag(naming: Naming) -> rx.Component:
    return rx.el.button(icon("plus", 12), w("tag"), type="button", on_click=naming.edit("tag"), class_name="add-tag")


def _tag_form(naming: Naming) -> rx.Component:
    return rx.el.form(
        rx.el.input(
            name="tag",
            max_length=MAX_TAG,
            required=True,
            auto_focus=True,
            auto_complete="off",
            class_name="inp tag-field",
            custom_attrs={"aria-label": w("tag")},
        ),
        rx.el.button(w("add"), type="submit", class_name="btn"),
        _never_mind(naming),
        on_submit=naming.tag,
        class_name="tag-form",
    )


def _never_mind(naming: Naming) -> rx.Component:
    """Closes the form; Esc does too."""
    return rx.el.button(
        icon("x", 14),
        type="button",
        on_click=naming.edit(""),
        class_name="btn q square never-mind",
        title=w("leave_form"),
        custom_attrs={"aria-label": w("leave_form")},
    )
