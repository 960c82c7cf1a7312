"""Settings: one's own, people, tokens, webhooks and the house, each a section named in the address."""

import reflex as rx

from app.web.components import settings as parts
from app.web.components.basics import empty
from app.web.layout import page
from app.web.section import section_of
from app.web.sections import audit, house, me, people, tokens, webhooks
from app.web.sections.audit import AuditState
from app.web.sections.house import HouseState
from app.web.sections.me import MeState
from app.web.sections.people import PeopleState
from app.web.sections.tokens import TokensState
from app.web.sections.webhooks import WebhooksState
from app.web.state import Ui, w

#: What each section does when the page is entered; those that are not open do nothing.
ENTER = [
    *(MeState.enter, PeopleState.enter, TokensState.enter, WebhooksState.enter, AuditState.enter, HouseState.enter),
]


class SettingsState(rx.State):
    """Which section is open."""

    section: str = ""

    @rx.event
    def enter(self) -> None:
        """Open the section that the address names."""
        self.section = section_of(self.router.url.query)

    @rx.event
    def again(self):
        """Write the section anew in another language."""
        return ENTER


def _managed(section: rx.Component) -> rx.Component:
    """A section that only who manages the house may see; its handlers refuse the others by themselves."""
    refused = rx.el.div(empty("lock", w("not_yours_title"), w("not_yours_body")), class_name="panel")
    return rx.cond(Ui.scopes.contains("admin"), section, refused)


def view() -> rx.Component:
    """The page."""
    return page(
        rx.el.div(rx.el.h1(w("page_settings")), class_name="head"),
        rx.el.div(
            parts.nav(SettingsState.section),
            rx.el.div(
                rx.match(
                    SettingsState.section,
                    ("me", me.view()),
                    ("people", _managed(people.view())),
                    ("tokens", _managed(tokens.view())),
                    ("webhooks", _managed(webhooks.view())),
                    ("audit", _managed(audit.view())),
                    ("house", _managed(house.view())),
                    rx.fragment(),
                ),
                class_name="st-body",
            ),
            class_name="st",
        ),
        active="settings",
        crumb=rx.el.b(w("page_settings")),
        on_language=SettingsState.again,
    )
