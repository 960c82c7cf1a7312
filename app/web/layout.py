"""The frame of every page: rail, top bar, palette, notes in the corner, and what went wrong."""

import reflex as rx

from app.web.components.basics import notice
from app.web.components.palette import palette
from app.web.components.rail import rail
from app.web.components.topbar import OnLanguage, topbar
from app.web.state import Ui, w


def page(
    *children: rx.Component,
    active: str,
    crumb: rx.Component | rx.Var[str],
    sign: rx.Var[str] | str = "live",
    on_language: OnLanguage = None,
    title: rx.Component | None = None,
) -> rx.Component:
    """A page. ``active`` is the rail's entry; ``sign`` is "live", "stale" or "queue_away"; ``on_language`` reads
    again what the server has written in the other language; ``title`` is a `page_title` other than the rail's word."""
    return rx.el.div(
        rx.el.a(w("skip"), href="#content", class_name="skip"),
        rail(active),
        rx.el.div(
            topbar(crumb, sign, on_language),
            rx.el.main(
                rx.cond(
                    Ui.trouble,
                    notice(
                        "fail",
                        w("went_wrong"),
                        rx.el.code(Ui.trouble_id),
                        rx.el.button(w("dismiss"), class_name="btn q", on_click=Ui.dismiss),
                    ),
                ),
                *children,
                id="content",
                tab_index=-1,
            ),
            class_name="body",
        ),
        palette(),
        rx.toast.provider(position="bottom-right", rich_colors=False, close_button=True, visible_toasts=3),
        title or page_title(w(f"page_{active}") if active else w("brand")),
        class_name="app",
        lang=Ui.language,
        custom_attrs={"data-language": Ui.language},
    )


def page_title(
    title: rx.Var[str] | str, *, ended: rx.Var[str] | str = "", notice_text: rx.Var[str] | str = ""
) -> rx.Component:
    """What the browser's tab says (assets/frame.js takes it from here). When ``ended`` becomes "true" while the page is
    open, whoever asked for it is shown ``notice_text`` by the browser."""
    return rx.el.span(
        id="page-title",
        hidden=True,
        custom_attrs={"data-title": title, "data-ended": ended, "data-notice": notice_text},
    )
