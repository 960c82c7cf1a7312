"""The palette (Ctrl K) and the list of keys (?): dialogs of the browser, driven by assets/frame.js.

What can be done anywhere stands here; batches are looked up through the API as one types, and the page's own actions
are those of its buttons that have a key.
"""

import reflex as rx

from app.web.components.basics import icon, link
from app.web.components.rail import PAGES
from app.web.state import Ui, w

_STATES = ("queued", "running", "waiting", "paused", "cancelling", "cancelled", "completed")


def palette() -> rx.Component:
    """Both dialogs."""
    return rx.fragment(_palette(), _help())


def _palette() -> rx.Component:
    return rx.el.dialog(
        rx.el.div(
            icon("search"),
            rx.el.input(
                type="text",
                id="palette-find",
                role="combobox",
                auto_complete="off",
                spell_check=False,
                placeholder=w("palette_hint"),
                custom_attrs={
                    "aria-label": w("search_or_go"),
                    "aria-expanded": "true",
                    "aria-controls": "palette-list",
                    "aria-autocomplete": "list",
                },
            ),
            rx.el.kbd("Esc", custom_attrs={"aria-hidden": "true"}),
            class_name="palette-top",
        ),
        rx.el.div(
            rx.el.div(id="palette-batches", class_name="palette-group", role="group", aria_label=w("batches")),
            rx.el.div(id="palette-page", class_name="palette-group", role="group", aria_label=w("this_page")),
            rx.el.div(
                _entry("plus", w("new_batch"), "n", to="/new"),
                *[_entry(drawn, w(f"page_{name}"), f"g {key}", to=to) for name, drawn, to, key in PAGES],
                _entry("languages", w("other_language"), "", on_click=Ui.speak_other),
                _entry("sun-moon", w("other_theme"), "", on_click=rx.toggle_color_mode),
                _entry("keyboard", w("shortcuts"), "?", attrs={"data-help": ""}),
                class_name="palette-group",
                role="group",
                aria_label=w("go_to"),
            ),
            id="palette-list",
            class_name="palette-list",
            role="listbox",
            aria_label=w("search_or_go"),
        ),
        rx.el.p(w("nothing_found"), id="palette-none", class_name="nothing", hidden=True),
        *[rx.el.span(w(state), hidden=True, custom_attrs={"data-state-word": state}) for state in _STATES],
        id="palette",
        class_name="palette",
        aria_label=w("search_or_go"),
        custom_attrs={"data-batches": w("batches"), "data-page": w("this_page")},
    )


def _entry(
    drawn: str,
    label: rx.Var[str],
    keys: str,
    *,
    to: str = "",
    on_click: rx.event.EventType[()] | None = None,
    attrs: dict[str, str] | None = None,
) -> rx.Component:
    inner = [icon(drawn), rx.el.span(label), *([rx.el.kbd(keys)] if keys else [])]
    common = {"role": "option", "tab_index": -1, "class_name": "palette-entry"}
    if to:
        return link(*inner, to=to, **common)
    press = {"on_click": on_click} if on_click is not None else {}
    return rx.el.button(*inner, type="button", custom_attrs=attrs or {}, **common, **press)


def _help() -> rx.Component:
    keys = [
        ("Ctrl K", "key_palette"),
        ("n", "new_batch"),
        ("/", "key_search"),
        *[(f"g {key}", f"page_{name}") for name, _, _, key in PAGES],
        ("j  k", "key_rows"),
        ("↵", "key_open"),
        ("Ctrl ↵", "key_submit"),
        ("Esc", "key_close"),
        ("?", "shortcuts"),
    ]
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(w("shortcuts"), id="keys-title"),
            rx.el.button(
                icon("x"),
                type="button",
                class_name="btn q square",
                aria_label=w("close"),
                custom_attrs={"data-shut": ""},
            ),
            class_name="panel-top",
        ),
        rx.el.dl(
            *[rx.el.div(rx.el.dt(rx.el.kbd(key)), rx.el.dd(w(word))) for key, word in keys],
            class_name="keys",
        ),
        rx.el.dl(id="page-keys", class_name="keys"),
        id="keys",
        class_name="palette",
        custom_attrs={"aria-labelledby": "keys-title"},
    )
