"""Who is signed in: name and role, password, sessions, language and theme."""

from typing import Any

import reflex as rx
from reflex.style import set_color_mode

from app import clock
from app.errors import KeybatchError
from app.services import people as service
from app.services import sessions as open_sessions
from app.services import vouched
from app.web import people, toasts
from app.web.backend import house, in_thread
from app.web.components import settings as parts
from app.web.components.basics import icon
from app.web.people import SessionLine
from app.web.section import Section
from app.web.state import Ui, w, who
from app.web.words import word


class MeState(Section, rx.State):
    """His own."""

    name: str = ""
    role: str = ""
    workspace: str = ""
    sessions: list[SessionLine] = []
    others: int = 0
    issuer: str = ""
    linked: bool = False

    @rx.event
    async def enter(self) -> None:
        """Read it, if the address names this section."""
        if self._is_open("me"):
            self.refusal = ""
            await self.refresh()

    @rx.event
    async def refresh(self) -> None:
        """Read it again."""
        language, caller = await self._language(), who(self)
        try:
            told = await in_thread(service.who, house(), caller)
            found = await in_thread(open_sessions.listing, house(), caller.name, by=caller)
            self.issuer = vouched.title(house().settings)
            self.linked = await in_thread(vouched.linked, house(), caller.person or 0)
        except KeybatchError as exc:
            self._could_not(exc, language)
            return
        self.name, self.workspace = told.name, told.workspace
        self.role = word(f"role_{told.role}", language) if told.role else ""
        self.sessions = people.sessions(found, caller.session, clock.now_ms(), language)
        self.others = sum(not one.this for one in self.sessions)
        self._could()

    @rx.event
    async def change_password(self, form: dict[str, Any]):
        """Another password, for who knows the one before."""
        language, caller = await self._language(), who(self)
        old, new, again = (str(form.get(name, "")) for name in ("old", "new", "again"))
        if new != again:
            self.refusal = word("passwords_differ", language)
            return None
        try:
            await in_thread(open_sessions.change_password, house(), caller, old, new)
        except KeybatchError as exc:
            wrong = exc.code == "wrong_password"
            self.refusal = word("old_password_wrong", language) if wrong else exc.sentence(language)
            return None
        self._taken()
        await self.refresh()
        return toasts.said(word("password_changed", language))

    @rx.event
    async def unlink(self):
        """Sign in with a password alone from now on."""
        language, caller = await self._language(), who(self)
        try:
            await in_thread(vouched.unlink, house(), caller.name, by=caller)
        except KeybatchError as exc:
            return toasts.refused(exc.sentence(language))
        await self.refresh()
        return toasts.said(word("unlinked", language, title=self.issuer))

    @rx.event
    async def end(self, mark: str):
        """End one of his other sessions."""
        language, caller = await self._language(), who(self)
        if mark == caller.session:
            return None
        try:
            await in_thread(open_sessions.end_marked, house(), caller.name, mark, by=caller)
        except KeybatchError as exc:
            return toasts.refused(exc.sentence(language))
        await self.refresh()
        return toasts.said(word("sessions_ended", language, count=1))

    @rx.event
    async def end_others(self):
        """End all of them but this one."""
        language, caller = await self._language(), who(self)
        try:
            count = await in_thread(open_sessions.end_others, house(), caller.name, by=caller)
        except KeybatchError as exc:
            return toasts.refused(exc.sentence(language))
        await self.refresh()
        return toasts.said(word("sessions_ended", language, count=count))


def _who() -> rx.Component:
    facts = [("person_name", MeState.name), ("role", MeState.role), ("workspace", MeState.workspace)]
    return rx.el.dl(
        *[rx.el.div(rx.el.dt(w(key)), rx.el.dd(value)) for key, value in facts],
        class_name="st-facts",
    )


def _password(name: str, label: str, complete: str, hint: rx.Var[str] | None = None) -> rx.Component:
    control = rx.el.input(
        name=name, type="password", required=True, max_length=1000, auto_complete=complete, class_name="inp"
    )
    return parts.field(w(label), control, hint)


def _password_form() -> rx.Component:
    return rx.el.form(
        rx.el.input(
            value=MeState.name,
            name="username",
            auto_complete="username",
            read_only=True,
            class_name="sr",
            tab_index=-1,
            custom_attrs={"aria-hidden": "true"},
        ),
        _password("old", "old_password", "current-password"),
        _password("new", "new_password", "new-password", w("password_hint")),
        _password("again", "password_again", "new-password"),
        parts.refusal(MeState.refusal),
        rx.el.div(rx.el.button(w("change_password"), type="submit", class_name="btn p"), class_name="form-acts"),
        on_submit=MeState.change_password,
        class_name="st-form",
        key=MeState.serial.to_string(),
    )


def _looks() -> rx.Component:
    """Language and theme, each a group of buttons of which one is pressed."""
    languages = [
        _choice(label, Ui.language == code, [Ui.speak(code), MeState.refresh], lang=code)
        for code, label in (("ko", "한국어"), ("en", "English"))
    ]
    themes = [("light", "theme_is_light"), ("dark", "theme_is_dark"), ("system", "theme_is_system")]
    return rx.el.div(
        rx.el.div(
            rx.el.span(w("language"), id="pick-language"),
            rx.el.div(
                *languages,
                class_name="switch",
                role="group",
                custom_attrs={"aria-labelledby": "pick-language"},
            ),
        ),
        rx.el.div(
            rx.el.span(w("theme"), id="pick-theme"),
            rx.el.div(
                *[_choice(w(label), rx.color_mode == mode, set_color_mode(mode)) for mode, label in themes],
                class_name="switch",
                role="group",
                custom_attrs={"aria-labelledby": "pick-theme"},
            ),
        ),
        class_name="st-looks",
    )


def _choice(label: rx.Var[str] | str, on: rx.Var[bool], do: Any, **props: Any) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        on_click=do,
        class_name=rx.cond(on, "on", ""),
        custom_attrs={"aria-pressed": rx.cond(on, "true", "false")},
        **props,
    )


def _linking() -> rx.Component:
    """Whether the issuer may vouch for him, and the other way."""
    unlink = rx.el.button(w("unlink"), type="button", on_click=MeState.unlink, class_name="btn")
    to_link = rx.el.a(icon("link"), w("link_own"), href="/sign-in/link", class_name="btn")
    said = rx.cond(MeState.linked, w("linked_yes"), w("linked_no"))
    return parts.panel(
        w("link_title"),
        rx.el.div(
            rx.el.p(rx.el.b(MeState.issuer), " ", said),
            rx.cond(MeState.linked, unlink, to_link),
            class_name="st-foot",
        ),
        lead=w("sign_out_here"),
    )


def view() -> rx.Component:
    """The section."""
    end_others = rx.el.button(w("session_end_others"), type="button", on_click=MeState.end_others, class_name="btn")
    return parts.body(
        MeState.phase,
        MeState.problem,
        parts.panel(w("section_me"), _who(), _looks()),
        parts.panel(w("change_password"), _password_form(), lead=w("change_password_lead")),
        parts.panel(
            w("sessions"),
            parts.sessions(MeState.sessions, MeState.end),
            rx.cond(MeState.others > 1, rx.el.div(end_others, class_name="st-foot")),
            lead=w("sessions_lead"),
        ),
        rx.cond(MeState.issuer != "", _linking()),
    )
