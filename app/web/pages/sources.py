"""Sources and accounts: what can be asked, with what, how it stands; accounts and sources of one's own are kept here.

What is typed as a secret goes with a submitted form to the service that seals it, and into no state.
"""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from app import clock
from app.errors import KeybatchError, Language
from app.log import get
from app.web import accounts, fields, kept, trials
from app.web.accounts import OWN, UpstreamPanel
from app.web.backend import house, in_thread
from app.web.components.accounts import Deeds, Now, panel
from app.web.components.basics import notice, skeleton_lines
from app.web.components.specs import spec_form
from app.web.fields import Both
from app.web.kept import Reading, Taken
from app.web.layout import page
from app.web.live import Watch, tabs
from app.web.opened import NOTHING, Opened
from app.web.state import Ui, allowed, w
from app.web.trials import Told

log = get(__name__)
#: Least time between two updates, and how often to look without being told, in seconds.
GAP_S, ANYWAY_S = 2.0, 5.0
#: What is busy while a source that is being defined is tried or kept.
_SPEC = "spec"


class SourcesState(Opened, rx.State):
    """The upstreams on screen, the form that is open, and what the last deed brought."""

    panels: list[UpstreamPanel] = []
    phase: str = "loading"
    sign: str = "live"
    problem: str = ""
    busy: str = ""
    asks: str = ""
    said: str = ""
    place: str = ""
    spoken: str = ""
    _reading: Reading | None = None
    _told: dict[str, Told] = {}
    _said: Both = NOTHING
    _spoken: Both = NOTHING

    @rx.event
    async def enter(self):
        """Show what there is, then keep it up to date."""
        self._told, self._said, self._spoken, self.busy, self.asks = {}, NOTHING, NOTHING, "", ""
        self._shut()
        self.left = ""
        await self.refresh()
        return SourcesState.follow

    @rx.event
    async def refresh(self) -> None:
        """Read everything again."""
        language = await self.get_var_value(Ui.language)
        self._show(await _read(), language)
        self._write(language)

    @rx.event(background=True)
    async def follow(self) -> None:
        """Read everything again as work goes on, until the tab leaves."""
        async with self:
            tab = self.router.session.client_token
        with tabs.watching(tab, 0, Watch(GAP_S, ANYWAY_S)) as watch:
            async for _ in watch.changes(lambda: tabs.is_connected(tab)):
                found = await _read()
                async with self:
                    if watch.closed:
                        return
                    self._show(found, await self.get_var_value(Ui.language))

    @rx.event
    async def add(self, upstream: str) -> None:
        """Open the form for a new account, or for a new source of one's own."""
        self._open_form(upstream, "", await self.get_var_value(Ui.language))

    @rx.event
    async def change(self, key: str) -> None:
        """Open the form for an account, or for the defined source that it belongs to."""
        upstream, _, name = key.partition("/")
        self._open_form(upstream, name, await self.get_var_value(Ui.language))

    @rx.event
    async def save(self, form: dict[str, Any]) -> None:
        """Keep the account that the form describes; or say why not."""
        language, upstream, name = await self.get_var_value(Ui.language), self.form.upstream, self.form.name
        try:
            caller = allowed(self, "admin")
            key = await in_thread(kept.keep_account, house(), caller, upstream, name, form)
        except (KeybatchError, Taken) as exc:
            self._refuse(exc, "account", language)
            return
        self._told.pop(key, None)
        self._say(upstream, fields.both("kept_account", name=key))
        self._shut()
        self._show(await _read(), language)

    @rx.event(background=True)
    async def define(self, form: dict[str, Any]) -> None:
        """Try what the form defines, or keep it; or say why not."""
        async with self:
            if self.busy:
                return
            self.busy, changes, serial = _SPEC, self.spec.changes, self.spec.serial
            self._say_of_form(NOTHING, None)
            self._write(await self.get_var_value(Ui.language))
        do = kept.attempt_source if form.get("intent") == "test" else kept.keep_source
        outcome: Told | str | KeybatchError | Taken
        try:
            caller = allowed(self, "admin")
            outcome = await in_thread(do, house(), caller, changes, form)
        except (KeybatchError, Taken) as exc:
            outcome = exc
        finally:
            async with self:
                self.busy = ""
        async with self:
            if serial == self.spec.serial and self.opened == OWN:
                await self._defined(outcome)

    async def _defined(self, outcome: Told | str | KeybatchError | Taken) -> None:
        language = await self.get_var_value(Ui.language)
        if isinstance(outcome, Told):
            self._say_of_form(NOTHING, outcome)
            self._write(language)
        elif isinstance(outcome, str):
            self._say(OWN, fields.both("kept_source", name=outcome))
            self._shut()
            self._show(await _read(), language)
        else:
            self._refuse(outcome, "source", language)

    @rx.event(background=True)
    async def attempt(self, key: str) -> None:
        """Try an account with one call."""
        async with self:
            if self.busy:
                return
            self.busy = key
        try:
            caller = allowed(self, "admin")
            told = await in_thread(trials.of_account, house(), caller, key)
        except KeybatchError as exc:
            told = trials.refused(exc)
        finally:
            async with self:
                self.busy = ""
        found = await _read()
        async with self:
            await self._attempted(key, told, found)

    async def _attempted(self, key: str, told: Told, found: Reading | KeybatchError) -> None:
        language = await self.get_var_value(Ui.language)
        self._told[key] = told
        self._spoken = {"ko": f"{key}: {told.ko.text}", "en": f"{key}: {told.en.text}"}
        self._show(found, language)

    @rx.event
    def ask(self, key: str) -> None:
        """Removing is asked once more."""
        self.asks = key

    @rx.event
    def unask(self) -> None:
        self.left, self.asks = self.asks, ""

    @rx.event
    async def remove(self, key: str) -> None:
        """Forget an account or a defined source; or say why not."""
        self.asks = ""
        try:
            caller = allowed(self, "admin")
            await in_thread(kept.remove, house(), caller, key)
        except KeybatchError as exc:
            self._told[key] = trials.refused(exc)
            self._spoken = {"ko": self._told[key].ko.text, "en": self._told[key].en.text}
        else:
            self._told.pop(key, None)
            self._say(key.partition("/")[0], fields.both("gone", name=key))
            if key in (f"{self.form.upstream}/{self.form.name}", f"{OWN}/{self.spec.changes}"):
                self._shut()
        self._show(await _read(), await self.get_var_value(Ui.language))

    def _show(self, found: Reading | KeybatchError, language: Language) -> None:
        """What was read, or that it could not be, in ``language``."""
        self.said, self.spoken = self._said[language], self._spoken[language]
        if isinstance(found, KeybatchError):
            log.warning("sources_unread", error=str(found))
            self.sign, self.problem = "stale", found.sentence(language)
            self.phase = "unread" if self._reading is None else self.phase
        else:
            self._reading, self.phase, self.problem = found, "shown", ""
            self.sign = "live" if found.queue else "queue_away"
        if self._reading is not None:
            tried = {key: told.told(language) for key, told in self._told.items()}
            panels = accounts.panels(self._reading.found, tried, clock.now_ms(), language)
            if panels != self.panels:
                self.panels = panels

    def _say(self, place: str, what: Both) -> None:
        """What a deed brought, shown at the upstream ``place`` and spoken."""
        self.place, self._said, self._spoken = place, what, what

    def _open_form(self, upstream: str, name: str, language: Language) -> None:
        self._said, self.said = NOTHING, ""
        self._open(upstream, name, self._given(f"{upstream}/{name}"), language)

    def _given(self, key: str) -> Mapping[str, Any]:
        views = self._reading.found.accounts if self._reading else ()
        return next((view.kept.given for view in views if view.key == key and view.kept), {})


async def _read() -> Reading | KeybatchError:
    try:
        return await in_thread(kept.read, house())
    except KeybatchError as exc:
        return exc


def _deeds() -> Deeds:
    state = SourcesState
    return Deeds(state.add, state.attempt, state.change, state.ask, state.unask, state.remove, state.save, state.close)


def _panels() -> rx.Component:
    state = SourcesState
    now = Now(state.busy, state.asks, state.opened, state.form, state.refusal, state.said, state.place, state.left)
    own = spec_form(
        SourcesState.spec,
        SourcesState.refusal,
        SourcesState.tried,
        SourcesState.busy != "",
        submit=SourcesState.define,
        close=SourcesState.close,
    )
    return rx.el.div(rx.foreach(SourcesState.panels, lambda one: panel(one, now, _deeds(), own)), class_name="ups")


def view() -> rx.Component:
    """The page."""
    return page(
        rx.el.div(
            rx.el.div(rx.el.h1(w("sources")), rx.el.p(w("sources_lead"), class_name="mut")),
            class_name="head",
        ),
        rx.el.div(SourcesState.spoken, class_name="sr", role="status"),
        rx.match(
            SourcesState.phase,
            ("loading", rx.el.div(skeleton_lines(5), class_name="panel")),
            (
                "unread",
                notice("fail", rx.el.strong(w("unread_title")), rx.el.p(SourcesState.problem, " ", w("retrying"))),
            ),
            rx.fragment(
                rx.cond(SourcesState.problem != "", notice("wait", SourcesState.problem, " ", w("retrying"))),
                _panels(),
            ),
        ),
        active="sources",
        crumb=rx.el.b(w("sources")),
        sign=SourcesState.sign,
        on_language=SourcesState.refresh,
    )
