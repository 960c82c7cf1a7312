"""Tokens of programs: made, shown once, revoked."""

from typing import Any

import reflex as rx

from app import clock
from app.errors import KeybatchError
from app.services import tokens as service
from app.services.callers import SCOPES
from app.web import once, toasts, tokens
from app.web.backend import house, in_thread
from app.web.components import settings as parts
from app.web.components.basics import empty, icon
from app.web.section import Section
from app.web.state import allowed, w
from app.web.sure import Question, Sure
from app.web.tokens import LASTS, TokenLine
from app.web.words import word


class TokensState(Section, Sure, rx.State):
    """All of the workspace, without their secrets."""

    lines: list[TokenLine] = []

    @rx.event
    async def enter(self) -> None:
        """Read them, if the address names this section."""
        if self._is_open("tokens"):
            self.refusal = ""
            await self.refresh()

    @rx.event
    async def refresh(self) -> None:
        """Read them again."""
        language = await self._language()
        try:
            found = await in_thread(service.listing, house(), allowed(self, "admin").workspace)
        except KeybatchError as exc:
            self._could_not(exc, language)
            return
        self.lines = tokens.lines(found, clock.now_ms(), language)
        self._could()

    @rx.event
    async def create(self, form: dict[str, Any]):
        """Make one and show it, this once."""
        language, name = await self._language(), str(form.get("name", ""))
        scopes = [scope for scope in SCOPES if form.get(f"scope:{scope}")]
        ends = tokens.expiry(form, clock.now_ms())
        try:
            caller = allowed(self, "admin")
            _, secret = await in_thread(service.create, house(), caller, name, scopes, expires_at=ends)
        except KeybatchError as exc:
            self._refuse(exc, language)
            return None
        self._taken()
        await self.refresh()
        return once.shown(word("token_made", language, name=name.strip()), secret)

    @rx.event
    async def ask_revoke(self, number: int):
        language = await self._language()
        name = next((one.name for one in self.lines if one.id == number), "")
        title, body = word("revoke_ask", language, name=name), word("revoke_body", language)
        return self._ask(Question(title, body, word("revoke", language), harmful=True), "revoke", str(number))

    async def _agreed(self, deed: str, what: str) -> Any:
        language = await self._language()
        if deed != "revoke":
            return None
        try:
            gone = await in_thread(service.revoke, house(), allowed(self, "admin"), int(what))
        except KeybatchError as exc:
            return toasts.refused(exc.sentence(language))
        await self.refresh()
        return toasts.said(word("token_gone", language, name=gone.name))


def _row(one: rx.Var[TokenLine]) -> rx.Component:
    revoke = rx.el.button(w("revoke"), type="button", on_click=TokensState.ask_revoke(one.id), class_name="btn sm d")
    return rx.el.tr(
        rx.el.th(one.name, rx.el.code(one.hint, class_name="hint"), scope="row"),
        rx.el.td(rx.el.span(one.label, class_name=f"chip t-{one.state}")),
        rx.el.td(one.scopes),
        rx.el.td(one.whose, class_name="wide-only"),
        rx.el.td(one.used, class_name="mut"),
        rx.el.td(one.ends, class_name="mut"),
        rx.el.td(one.made, class_name="mut wide-only"),
        rx.el.td(rx.cond(one.live, revoke), class_name="st-do"),
        class_name=rx.cond(one.live, "", "over"),
        key=one.id,
    )


def _table() -> rx.Component:
    heads = [
        ("token_name", ""),
        ("state", ""),
        ("scopes", ""),
        ("token_whose", "wide-only"),
        ("token_used", ""),
        ("token_ends", ""),
        ("token_since", "wide-only"),
    ]
    return rx.el.table(
        rx.el.caption(w("section_tokens"), class_name="sr"),
        rx.el.thead(
            rx.el.tr(
                *[rx.el.th(w(key), scope="col", class_name=look) for key, look in heads],
                rx.el.th(rx.el.span(w("st_actions"), class_name="sr"), scope="col"),
            )
        ),
        rx.el.tbody(rx.foreach(TokensState.lines, _row)),
        class_name="list st-table fold",
    )


def _form() -> rx.Component:
    name = rx.el.input(name="name", required=True, max_length=100, auto_complete="off", class_name="inp")
    lasts = rx.el.select(
        *[rx.el.option(w(f"lasts_{days}"), value=str(days)) for days in LASTS], name="lasts", class_name="inp"
    )
    ticks = [
        rx.el.label(
            rx.el.input(type="checkbox", name=f"scope:{scope}", default_checked=scope == "read", class_name="tick"),
            rx.el.span(rx.el.b(w(f"scope_{scope}")), rx.el.small(w(f"scope_{scope}_hint"))),
            class_name="st-tick",
        )
        for scope in SCOPES
    ]
    return rx.el.form(
        rx.el.div(
            parts.field(w("token_name"), name, w("token_name_hint")),
            parts.field(w("token_ends"), lasts),
            class_name="fields",
        ),
        rx.el.fieldset(rx.el.legend(w("scopes")), *ticks, class_name="st-ticks"),
        parts.refusal(TokensState.refusal),
        rx.el.div(
            rx.el.button(icon("plus"), w("make_token"), type="submit", class_name="btn p"), class_name="form-acts"
        ),
        on_submit=TokensState.create,
        class_name="st-form wide",
        key=TokensState.serial.to_string(),
    )


def view() -> rx.Component:
    """The section."""
    return parts.body(
        TokensState.phase,
        TokensState.problem,
        parts.panel(
            w("section_tokens"),
            rx.cond(
                TokensState.lines.length() > 0, _table(), empty("key-round", w("no_tokens_title"), w("no_tokens_body"))
            ),
            lead=w("tokens_lead"),
        ),
        parts.panel(w("make_token"), _form()),
        parts.question(TokensState.question, TokensState.agree),
        parts.secret_once(),
    )
