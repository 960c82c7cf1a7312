"""The people of the workspace: added, in another role, with another password, removed; and their sessions."""

from typing import Any

import reflex as rx

from app import clock
from app.errors import KeybatchError
from app.services import passwords
from app.services import people as service
from app.services import sessions as open_sessions
from app.services.callers import Caller
from app.web import once, people, toasts
from app.web.backend import house, in_thread
from app.web.components import settings as parts
from app.web.components.basics import icon
from app.web.people import PersonLine, RoleChoice, SessionLine
from app.web.section import Section
from app.web.state import allowed, w
from app.web.sure import Question, Sure
from app.web.words import word


class PeopleState(Section, Sure, rx.State):
    """Everybody; ``opened`` is whose sessions are shown."""

    lines: list[PersonLine] = []
    roles: list[RoleChoice] = []
    opened: str = ""
    sessions: list[SessionLine] = []

    @rx.event
    async def enter(self) -> None:
        """Read them, if the address names this section."""
        if self._is_open("people"):
            self.refusal, self.opened = "", ""
            await self.refresh()

    @rx.event
    async def refresh(self) -> None:
        """Read them again."""
        language = await self._language()
        try:
            caller = allowed(self, "admin")
            found = await in_thread(service.listing, house(), caller.workspace)
            if self.opened:
                seen = await in_thread(open_sessions.listing, house(), self.opened, by=caller)
                self.sessions = people.sessions(seen, caller.session, clock.now_ms(), language)
        except KeybatchError as exc:
            self._could_not(exc, language)
            return
        self.lines = people.people(found, caller.person, clock.now_ms(), language)
        self.roles = people.roles(found, caller.person, language)
        self._could()

    @rx.event
    async def add(self, form: dict[str, Any]):
        """Add somebody; without a password in the form one is made up and shown once."""
        language = await self._language()
        name, given = str(form.get("name", "")), str(form.get("password", ""))
        password = given or passwords.new()
        try:
            caller = allowed(self, "admin")
            made = await in_thread(service.add, house(), name, password, str(form.get("role", "")), by=caller)
        except KeybatchError as exc:
            self._refuse(exc, language)
            return None
        self._taken()
        await self.refresh()
        if given:
            return toasts.said(word("person_added", language, name=made.name))
        return once.shown(word("password_of", language, name=made.name), password)

    @rx.event
    async def change_role(self, name: str, role: str):
        """Another role, at once; it can be taken back."""
        language = await self._language()
        before = next((one.role for one in self.lines if one.name == name), role)
        try:
            caller = allowed(self, "admin")
            if name == caller.name:  # nobody locks himself out by a slip of the hand
                return None
            await in_thread(service.change_role, house(), name, role, by=caller)
        except KeybatchError as exc:
            await self.refresh()
            return toasts.refused(exc.sentence(language))
        await self.refresh()
        text = word("role_changed", language, name=name, role=word(f"role_{role}", language))
        return toasts.undoable(text, word("undo", language), PeopleState.change_role(name, before))

    @rx.event
    async def ask_reset(self, name: str):
        language = await self._language()
        title, body = word("reset_ask", language, name=name), word("reset_body", language)
        return self._ask(Question(title, body, word("reset_password", language)), "reset", name)

    @rx.event
    async def ask_remove(self, name: str):
        language = await self._language()
        title, body = word("remove_ask", language, name=name), word("remove_body", language)
        return self._ask(Question(title, body, word("remove_person", language), harmful=True), "remove", name)

    async def _agreed(self, deed: str, what: str) -> Any:
        language = await self._language()
        try:
            caller = allowed(self, "admin")
            if what == caller.name:
                return None
            done = await (self._reset(what, caller) if deed == "reset" else self._remove(what, caller))
        except KeybatchError as exc:
            return toasts.refused(exc.sentence(language))
        await self.refresh()
        return done

    async def _reset(self, name: str, caller: Caller) -> Any:
        password, language = passwords.new(), await self._language()
        await in_thread(service.change_password, house(), name, password, by=caller)
        return once.shown(word("password_of", language, name=name), password)

    async def _remove(self, name: str, caller: Caller) -> Any:
        await in_thread(service.remove, house(), name, by=caller)
        self.opened = "" if self.opened == name else self.opened
        return toasts.said(word("person_removed", await self._language(), name=name))

    @rx.event
    async def show_sessions(self, name: str) -> None:
        """Show somebody's sessions, or hide them."""
        self.opened, self.sessions = "" if self.opened == name else name, []
        await self.refresh()

    @rx.event
    async def end(self, mark: str):
        """End one of the sessions that are shown."""
        language = await self._language()
        try:
            caller = allowed(self, "admin")
            await in_thread(open_sessions.end_marked, house(), self.opened, mark, by=caller)
        except KeybatchError as exc:
            return toasts.refused(exc.sentence(language))
        await self.refresh()
        return toasts.said(word("sessions_ended", language, count=1))


def _row(one: rx.Var[PersonLine]) -> rx.Component:
    roles = rx.el.select(
        rx.foreach(PeopleState.roles, lambda role: rx.el.option(role.label, value=role.role, key=role.role)),
        value=one.role,
        on_change=lambda value: PeopleState.change_role(one.name, value),
        class_name="inp sm",
        custom_attrs={"aria-label": f"{w('role')}: {one.name}"},
    )
    open_ = PeopleState.opened == one.name
    return rx.fragment(
        rx.el.tr(
            rx.el.th(one.name, rx.cond(one.own, rx.el.span(w("that_is_you"), class_name="you")), scope="row"),
            rx.el.td(rx.cond(one.fixed, rx.el.span(one.label), roles), class_name="st-role"),
            rx.el.td(one.since, class_name="mut wide-only"),
            rx.el.td(rx.cond(~one.fixed, _deeds(one, open_)), class_name="st-do"),
        ),
        rx.cond(open_, rx.el.tr(rx.el.td(_sessions(one), col_span=4, class_name="st-inner"))),
        key=one.name,
    )


def _sessions(one: rx.Var[PersonLine]) -> rx.Component:
    return rx.cond(
        PeopleState.sessions.length() > 0,
        parts.sessions(PeopleState.sessions, PeopleState.end),
        rx.el.p(w("no_sessions"), class_name="mut"),
    )


def _deeds(one: rx.Var[PersonLine], open_: rx.Var[bool]) -> rx.Component:
    return rx.el.div(
        rx.el.button(
            icon("monitor-smartphone", 14),
            w("sessions"),
            type="button",
            on_click=PeopleState.show_sessions(one.name),
            class_name="btn sm",
            custom_attrs={"aria-expanded": rx.cond(open_, "true", "false")},
        ),
        rx.el.button(
            icon("key-round", 14), w("reset_password"), type="button", on_click=PeopleState.ask_reset(one.name),
            class_name="btn sm",
        ),
        rx.el.button(
            icon("trash-2", 14),
            type="button",
            on_click=PeopleState.ask_remove(one.name),
            class_name="btn sm square d",
            title=w("remove_person"),
            custom_attrs={"aria-label": f"{w('remove_person')}: {one.name}"},
        ),
        class_name="st-deeds",
    )  # fmt: skip


def _add() -> rx.Component:
    name = rx.el.input(name="name", required=True, max_length=100, auto_complete="off", class_name="inp")
    roles = rx.el.select(
        rx.foreach(PeopleState.roles, lambda role: rx.el.option(role.label, value=role.role, key=role.role)),
        name="role",
        default_value="member",
        class_name="inp",
    )
    password = rx.el.input(
        name="password", type="password", max_length=1000, auto_complete="new-password", class_name="inp"
    )
    return rx.el.form(
        rx.el.div(
            parts.field(w("person_name"), name),
            parts.field(w("role"), roles, w("role_hint")),
            parts.field(w("password"), password, w("password_or_none")),
            class_name="fields",
        ),
        parts.refusal(PeopleState.refusal),
        rx.el.div(
            rx.el.button(icon("plus"), w("add_person"), type="submit", class_name="btn p"), class_name="form-acts"
        ),
        on_submit=PeopleState.add,
        class_name="st-form wide",
        key=PeopleState.serial.to_string(),
    )


def view() -> rx.Component:
    """The section."""
    heads = [(w("person_name"), ""), (w("role"), ""), (w("person_since"), "wide-only")]
    table = rx.el.table(
        rx.el.caption(w("section_people"), class_name="sr"),
        rx.el.thead(
            rx.el.tr(
                *[rx.el.th(text, scope="col", class_name=look) for text, look in heads],
                rx.el.th(rx.el.span(w("st_actions"), class_name="sr"), scope="col"),
            )
        ),
        rx.el.tbody(rx.foreach(PeopleState.lines, _row)),
        class_name="list st-table",
    )
    return parts.body(
        PeopleState.phase,
        PeopleState.problem,
        parts.panel(w("section_people"), table, lead=w("people_lead")),
        parts.panel(w("add_person"), _add()),
        parts.question(PeopleState.question, PeopleState.agree),
        parts.secret_once(),
    )
