"""Webhooks: where programs elsewhere are told what happens, and what became of each message."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from app import clock
from app.errors import KeybatchError
from app.services import deliveries
from app.services import webhooks as service
from app.services.callers import Caller
from app.web import hooks, once, toasts
from app.web.backend import house, in_thread
from app.web.components import hooks as shown
from app.web.components import settings as parts
from app.web.components.basics import empty
from app.web.hooks import DeliveryLine, EventChoice, HookLine
from app.web.live import Watch, tabs
from app.web.section import Section
from app.web.state import allowed, w
from app.web.sure import Question, Sure
from app.web.words import word

#: Deliveries on screen at first, and how many more each time, up to so many.
STEP, MOST = 20, 200
#: Least time between two looks, and how often to look without being told, in seconds.
GAP_S, ANYWAY_S = 1.0, 3.0


class WebhooksState(Section, Sure, rx.State):
    """All of the workspace, without their secrets; ``opened`` is the one whose deliveries are shown."""

    lines: list[HookLine] = []
    choices: list[EventChoice] = []
    opened: int = 0
    told: list[DeliveryLine] = []
    is_more: bool = False
    _most: int = STEP

    @rx.event
    async def enter(self):
        """Read them and keep them up to date, if the address names this section."""
        if not self._is_open("webhooks"):
            return None
        self.refusal, self.opened, self.told, self._most = "", 0, [], STEP
        await self.refresh()
        return WebhooksState.follow

    @rx.event
    async def refresh(self) -> None:
        """Read them again."""
        language, now = await self._language(), clock.now_ms()
        try:
            found, told, more = await in_thread(_read, allowed(self, "admin"), self.opened, self._most)
        except KeybatchError as exc:
            self._could_not(exc, language)
            return
        lines, messages = (
            [hooks.hook(one, now, language) for one in found],
            [hooks.delivery(one, now, language) for one in told],
        )
        if lines != self.lines:
            self.lines = lines
        if messages != self.told:
            self.told = messages
        self.choices, self.is_more = hooks.choices(service.DEFAULT, language), more
        self._could()

    @rx.event(background=True)
    async def follow(self) -> None:
        """Look again as messages go out, until the tab leaves."""
        async with self:
            tab = self.router.session.client_token
        with tabs.watching(tab, 0, Watch(GAP_S, ANYWAY_S), part="webhooks") as watch:
            async for _ in watch.changes(lambda: tabs.is_connected(tab)):
                async with self:
                    if watch.closed or not self._is_open("webhooks"):
                        return
                    if self.opened:
                        await self.refresh()

    @rx.event
    async def create(self, form: dict[str, Any]):
        """Make one and show its secret, this once."""
        language = await self._language()
        url, description = str(form.get("url", "")).strip(), str(form.get("description", ""))
        try:
            caller = allowed(self, "admin")
            _, secret = await in_thread(service.create, house(), caller, url, hooks.events(form), description)
        except KeybatchError as exc:
            self._refuse(exc, language)
            return None
        self._taken()
        await self.refresh()
        return once.shown(word("hook_made", language), secret)

    @rx.event
    async def switch(self, number: int, on: bool):
        """Let one rest, or go on; the other way takes it back."""
        refused = await self._do(lambda caller: service.change(house(), caller, number, active=on))
        language = await self._language()
        text = word("hook_resumed" if on else "hook_paused", language)
        back = WebhooksState.switch(number, not on)
        return refused or toasts.undoable(text, word("undo", language), back)

    @rx.event
    async def test(self, number: int):
        """Send a message that says nothing, and show what becomes of it."""
        self.opened = number
        refused = await self._do(lambda caller: deliveries.test(house(), caller, number))
        return refused or toasts.said(word("test_sent", await self._language()))

    @rx.event
    async def resend(self, message: str):
        """Try a message again now."""
        refused = await self._do(lambda caller: deliveries.resend(house(), caller, message))
        return refused or toasts.said(word("resent", await self._language()))

    @rx.event
    async def show(self, number: int) -> None:
        """Show what one was told, or hide it."""
        self.opened, self.told, self._most = 0 if self.opened == number else number, [], STEP
        await self.refresh()

    @rx.event
    async def show_more(self) -> None:
        self._most = min(self._most + STEP, MOST)
        await self.refresh()

    @rx.event
    async def ask_rotate(self, number: int):
        language = await self._language()
        title, body = word("rotate_ask", language), word("rotate_body", language)
        return self._ask(Question(title, body, word("rotate", language)), "rotate", str(number))

    @rx.event
    async def ask_remove(self, number: int):
        language = await self._language()
        title, body = word("hook_remove_ask", language), word("hook_remove_body", language)
        return self._ask(Question(title, body, word("hook_remove", language), harmful=True), "remove", str(number))

    async def _agreed(self, deed: str, what: str) -> Any:
        language = await self._language()
        if deed == "remove":
            refused = await self._do(lambda caller: service.remove(house(), caller, int(what)))
            return refused or toasts.said(word("hook_removed", language))
        if deed != "rotate":
            return None
        try:
            _, secret = await in_thread(service.rotate, house(), allowed(self, "admin"), int(what))
        except KeybatchError as exc:
            return toasts.refused(exc.sentence(language))
        return once.shown(word("hook_rotated", language), secret)

    async def _do(self, deed: Callable[[Caller], object]) -> Any:
        """Do it for who may, and read again; a note where it was refused."""
        try:
            await in_thread(deed, allowed(self, "admin"))
        except KeybatchError as exc:
            return toasts.refused(exc.sentence(await self._language()))
        await self.refresh()
        return None


def _read(caller: Caller, opened: int, most: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]], bool]:
    """The webhooks, what the ``opened`` one was told, and whether there is more of that."""
    found = service.listing(house(), caller)
    if opened not in [one["id"] for one in found]:
        return found, [], False
    told, more = deliveries.listing(house(), caller, opened, limit=most)
    return found, told, more is not None and most < MOST


def view() -> rx.Component:
    """The section."""
    state = WebhooksState
    deeds = shown.Deeds(
        state.switch, state.test, state.ask_rotate, state.ask_remove, state.show, state.resend, state.show_more
    )
    told = shown.deliveries(state.told, state.is_more, deeds)
    lines = rx.foreach(state.lines, lambda one: shown.hook(one, state.opened, told, deeds))
    none = empty("webhook", w("no_hooks_title"), w("no_hooks_body"))
    return parts.body(
        state.phase,
        state.problem,
        parts.panel(
            w("section_webhooks"),
            rx.cond(state.lines.length() > 0, rx.el.ul(lines, class_name="hk"), none),
            lead=w("webhooks_lead"),
        ),
        parts.panel(w("make_hook"), shown.form(state.choices, state.refusal, state.serial, state.create)),
        parts.question(state.question, state.agree),
        parts.secret_once(),
    )
