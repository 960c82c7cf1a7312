"""A new batch: paste keywords or give a file, pick sources, see what it comes to, submit. What is pasted stays in the
browser but for what a preview and a submit need of it."""

from typing import Any

import reflex as rx
from reflex.event import EventSpec

from app import clock
from app.errors import KeybatchError, Language
from app.web import choices, filled, making, toasts
from app.web.backend import house, in_thread, source_infos
from app.web.choices import Group, Option
from app.web.components import forecast as forecast_parts
from app.web.components import new_form, upload
from app.web.components.basics import icon
from app.web.components.groups import sources
from app.web.components.options import options
from app.web.components.presets import menu
from app.web.components.treatment import treatment
from app.web.forecast import Forecast, forecast
from app.web.given import Given
from app.web.layout import page
from app.web.making import Seen, Wanted
from app.web.presets import Presets
from app.web.receipt import Receipt
from app.web.refusable import Refusable
from app.web.state import Ui, allowed, w
from app.web.turns import Overtaken, turns
from app.web.words import word

#: Whether who submitted is still at the form; only the browser knows by the time the batch is made.
_IS_HERE = r"/^\/new\/?$/.test(location.pathname)"


class NewState(Refusable, rx.State):
    """The choices, what the batch comes to, and why the last submit was refused."""

    groups: list[Group] = []
    steps: list[Option] = []
    fixes: list[Option] = []
    loaded: bool = False
    busy: bool = False
    #: Something to look at before the batch is made.
    hint: str = ""
    forecast: Forecast = Forecast()
    #: For the page's script: the text that was answered, the form that a batch was made of, how many were refused.
    answered: str = ""
    made: str = ""
    refusals: int = 0
    _seen: Seen | None = None

    @rx.event
    async def enter(self) -> None:
        """Show what can be picked, with what is left today."""
        self.busy, self.hint = False, ""
        self._say(None, "ko")
        await self.refresh()

    @rx.event
    async def refresh(self) -> None:
        """Write everything in the tab's language, with today's figures."""
        language = await self.get_var_value(Ui.language)
        infos, standing = await in_thread(making.offered, house())
        self.groups = choices.groups(infos, language, standing)
        self.steps, self.fixes = choices.steps(language), choices.fixes(language)
        self._say(self._refused, language, gentle=self.gentle)
        self.hint = word("check_table", language) if self.hint else ""
        self._foretell(language)
        await (await self.get_state(Given)).show()
        self.loaded = True

    @rx.event
    async def reword(self) -> EventSpec:
        """Write it in another language."""
        await self.refresh()
        return Presets.refresh()

    @rx.event
    def outdate(self) -> None:
        """What was foretold was of other keywords."""
        turns.end(self.router.session.client_token)
        self._put(None)
        self._say(None, "ko")
        self.forecast, self.hint = Forecast(), ""

    @rx.event(background=True)
    async def submit(self, form: dict[str, Any]):  # type: ignore[no-untyped-def]  # handlers yield whatever Reflex chains
        """Make the batch and go to its page, only say what it would be, or keep a preset; or say why not. What was
        typed stays."""
        match form.get("intent"):
            case "preview":
                await self._preview(form)
            case "preset":
                yield Presets.keep(str(form.get("preset_name", "")), {**form, "keywords": ""})
            case _:
                yield await self._submit(form)

    @rx.event
    async def download(self) -> EventSpec | None:
        """Every line that is not simply taken, as a CSV."""
        if self._seen is None:
            return None
        data = await in_thread(self._seen.report.read)
        return rx.download(data=data, filename="keybatch-lines.csv", mime_type="text/csv")

    @rx.event
    async def go_on(self, batch: int, here: bool) -> EventSpec:
        """To the batch that was made, unless its person went elsewhere meanwhile; he is told then."""
        if here:
            return rx.redirect(f"/batches/{batch}")
        return toasts.said(word("made", await self.get_var_value(Ui.language), batch=batch))

    async def _submit(self, form: dict[str, Any]) -> EventSpec | None:
        async with self:
            if self.busy:
                return None
            self.busy, self.hint = True, ""
            self._say(None, "ko")
            language = await self.get_var_value(Ui.language)
            turns.end(self.router.session.client_token)
        try:
            async with self:
                person, wanted = allowed(self, "submit"), await self._wanted(form)
            if wanted is None:
                await self._preview(form, "check_table")
                return None
            batch, done = await in_thread(making.make, house(), person, wanted)
            async with self:
                await self._forget(form, wanted)
                self.made = str(form.get("key", ""))
                if done is not None:
                    (await self.get_state(Receipt)).keep(done)
            return rx.call_script(_IS_HERE, callback=lambda here: NewState.go_on(batch, here))
        except KeybatchError as exc:
            async with self:
                self._say(exc, language)
                self.refusals += 1
            return None
        finally:
            async with self:
                self.busy = False

    async def _forget(self, form: dict[str, Any], wanted: Wanted) -> None:
        """What was submitted is of no use any more; what the same tab may have been given meanwhile is left alone."""
        given = await self.get_state(Given)
        if given.mark(str(form.get("keywords", ""))) == wanted.mark:
            given.forget()
            await given.show()
        if self.answered == str(form.get("turn", "")):
            self._put(None)
            self.forecast, self.hint = Forecast(), ""

    async def _wanted(self, form: dict[str, Any]) -> Wanted | None:
        """The batch that is wanted, once its keywords were looked at; None for a table that nobody has seen yet. Raises
        what `Given.paste` raises, BadValue."""
        text, given = str(form.get("keywords", "")), await self.get_state(Given)
        options = filled.filled(form)
        if not await given.paste(text, str(form.get("pasted", ""))):
            return None
        mark = given.mark(text)
        once = making.once(form, allowed(self, "submit").workspace, mark)
        return Wanted(options, given.lines(text), given.others(), mark, once)

    async def _preview(self, form: dict[str, Any], hint: str = "") -> None:
        """What the batch would be, with its report; ``hint``: what to look at."""
        text, seen, refused = str(form.get("keywords", "")), None, None
        async with self:
            language, tab = await self.get_var_value(Ui.language), self.router.session.client_token
        with turns.taken(tab) as turn:
            try:
                async with self:
                    given = await self.get_state(Given)
                    await given.paste(text, str(form.get("pasted", "")))
                    lines = None if given.is_empty(text) else turn.while_wanted(given.lines(text))
                seen = None if lines is None else await in_thread(making.look, house(), lines, form)
            except KeybatchError as exc:
                refused = exc
            except Overtaken:
                return
            async with self:
                if turn.over:
                    making.drop(seen)
                    return
                self._put(seen)
                self._foretell(language)
                self._say(refused, language, gentle=True)
                self.hint, self.answered = word(hint, language) if hint else "", str(form.get("turn", ""))

    def _foretell(self, language: Language) -> None:
        """Write the preview."""
        seen = self._seen
        self.forecast = (
            Forecast()
            if seen is None
            else forecast(seen.found, source_infos(), clock.now_ms(), language, seen.report.heard)
        )

    def _put(self, seen: Seen | None) -> None:
        """In the place of what was foretold before."""
        making.drop(self._seen)
        self._seen = seen


def _wrong(place: str) -> rx.Component:
    return new_form.wrong(NewState.place == place, NewState.refusal, NewState.gentle, place)


def _keywords() -> rx.Component:
    return upload.zone(
        new_form.counted(Given.table.file, upload.chooser()),
        new_form.paste(Given.table.file),
        _wrong("keywords"),
        upload.table(),
        treatment(NewState.steps, NewState.fixes),
    )


def _side() -> rx.Component:
    return rx.el.div(
        sources(NewState.groups, NewState.loaded, _wrong("sources")),
        forecast_parts.cost(NewState.forecast),
        options(_wrong),
        new_form.submit(NewState.forecast.submit, NewState.busy | Given.loading, _wrong(""), NewState.hint),
        class_name="panel side",
    )


def view() -> rx.Component:
    """The page."""
    return page(
        rx.el.div(
            rx.el.div(
                rx.el.div(rx.el.h1(w("new_batch")), rx.el.p(w("new_lead"), class_name="mut"), class_name="title"),
                new_form.restored([Given.remove, NewState.outdate]),
                menu(Presets.listed, apply=Presets.apply, drop=Presets.drop),
                class_name="head",
            ),
            rx.el.form(
                _keywords(),
                _side(),
                forecast_parts.findings(NewState.forecast, NewState.download),
                *new_form.hidden(),
                id="new-batch",
                on_submit=NewState.submit,
                class_name="cols",
            ),
            upload.taking(),
            new_form.said(
                {
                    "fill": Presets.fill,
                    "answered": NewState.answered,
                    "made": NewState.made,
                    "refusals": NewState.refusals.to_string(),
                    "given": Given.serial.to_string(),
                    "bytes": Given.size.to_string(),
                    "how": Given.how,
                    "person": Ui.person,
                    "loaded": rx.cond(NewState.loaded, "yes", ""),
                }
            ),
            id="new-page",
            class_name="new-page",
        ),
        active="new",
        crumb=rx.fragment(icon("layers", 14), rx.el.span(w("batches")), " / ", rx.el.b(w("new_batch"))),
        on_language=NewState.reword,
    )
