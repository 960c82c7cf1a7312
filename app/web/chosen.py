"""Batches that are chosen in the list, and one verb for all of them: asked once more, done, told, undone."""

from dataclasses import dataclass
from typing import Any, cast

import reflex as rx
from reflex.event import EventSpec

from app.errors import KeybatchError, Language
from app.services import bulk, listing
from app.services.bulk import Done, Verb, Weighed
from app.services.callers import Caller
from app.web import toasts
from app.web.asked import Asked
from app.web.backend import house, in_thread
from app.web.listed import counted, told
from app.web.state import Ui, allowed, who
from app.web.words import word

#: The dialog's id.
DIALOG = "bulk"
#: Batches between two words on how far it has come.
_STEP = 25
#: Deeds that can be taken back, at most: no more notes are on screen.
_UNDOABLE = 5
#: What undoes a verb.
_BACK: dict[Verb, Verb] = {"pause": "resume", "resume": "pause"}


@dataclass
class Ask:
    """The question before a verb. ``fits``: whether there is anything to do; ``tags``: whether a tag is to be named."""

    verb: str = ""
    title: str = ""
    counts: str = ""
    others: str = ""
    confirm: str = ""
    fits: bool = False
    tags: bool = False


class Chosen(rx.State, mixin=True):
    """``chosen`` are ids on the page; with ``all_chosen`` everything that matches is meant, also on other pages."""

    chosen: list[int] = []
    all_chosen: bool = False
    offer: str = ""
    count: str = ""
    ask: Ask = Ask()
    doing: str = ""
    _shown: list[int] = []
    _wanted: Asked = Asked()
    _matching: int = 0
    _meant: list[int] = []
    _way_back: list[int] = []
    _deeds: int = 0
    _undo: dict[int, tuple[Verb, list[int]]] = {}

    @rx.event
    async def choose(self, number: int) -> None:
        """Choose a batch of the page, or not any more."""
        left = [one for one in self.chosen if one != number]
        if len(left) == len(self.chosen) and number in self._shown:
            left.append(number)
        await self._choose(left)

    @rx.event
    async def choose_page(self) -> None:
        """Choose the whole page, or nothing."""
        await self._choose([] if len(self.chosen) == len(self._shown) else list(self._shown))
        if self.chosen:
            await self._offer_all()

    @rx.event
    async def choose_all(self) -> None:
        """Choose everything that matches."""
        language = await self.get_var_value(Ui.language)
        self.all_chosen, self.offer = True, ""
        self.count = word("all_chosen_count", language, count=self._matching)

    @rx.event
    async def choose_none(self) -> None:
        await self._choose([])

    @rx.event
    async def question(self, name: str):
        """Ask before a verb is done: how many batches it would change, and how many not."""
        verb = cast(Verb, name)
        if verb not in bulk.VERBS:
            return None
        language = await self.get_var_value(Ui.language)
        try:
            caller = allowed(self, "submit")
            self._meant = await in_thread(_meant, caller, self._wanted) if self.all_chosen else list(self.chosen)
            if verb in ("tag", "untag"):
                self.ask = _about_tags(verb, len(self._meant), language)
            else:
                weighed = await in_thread(bulk.weigh, house(), caller, verb, self._meant)
                self._meant = [number for number, _ in weighed.fit]
                # One that was cancelled is not so again by being paused.
                self._way_back = [number for number, state in weighed.fit if state != "cancelled"]
                self.ask = asking(verb, weighed, language)
        except KeybatchError as exc:
            return toasts.refused(exc.sentence(language))
        return rx.call_script(f"keybatchOpen('{DIALOG}')")

    @rx.event(background=True)
    async def confirm(self, form: dict[str, str]):
        """Do what was asked about."""
        async with self:
            verb, meant, caller = cast(Verb, self.ask.verb), list(self._meant), who(self)
            way_back = list(self._way_back) if verb in _BACK else []
            self.ask, self._meant, self._way_back = Ask(), [], []
        if verb in bulk.VERBS and meant:
            async for note in self._do(verb, meant, str(form.get("tag", "")).strip(), caller, way_back):
                yield note

    @rx.event(background=True)
    async def undo(self, serial: int):
        """Take back what was done under that number, once."""
        async with self:
            back, caller = self._undo.pop(serial, None), who(self)
        if back is not None:
            async for note in self._do(*back, "", caller, []):
                yield note

    async def _do(self, verb: Verb, meant: list[int], tag: str, caller: Caller, way_back: list[int]) -> Any:
        done = Done()
        async with self:
            language = await self.get_var_value(Ui.language)
        try:
            if verb in ("tag", "untag"):
                weighed = await in_thread(bulk.weigh, house(), caller, verb, meant, tag)
                meant = [number for number, _ in weighed.fit]
            for start in range(0, len(meant), _STEP):
                async with self:
                    self.doing = word("bulk_doing", language, done=start, count=len(meant))
                piece = meant[start : start + _STEP]
                done = done.and_then(await in_thread(bulk.do, house(), caller, verb, piece, tag))
        except KeybatchError as exc:
            yield toasts.refused(exc.sentence(language))
        async with self:
            self.doing = ""
            await self._choose([])
            undo = self._undoing(verb, [number for number in done.done if number in way_back])
        for note in notes(verb, done, tag, undo, language):
            yield note
        yield self.__class__.refresh()

    def _undoing(self, verb: Verb, numbers: list[int]) -> EventSpec | None:
        """What takes the verb back from these batches, None where nothing can."""
        if not numbers:
            return None
        self._deeds += 1
        self._undo = dict([*self._undo.items(), (self._deeds, (_BACK[verb], numbers))][-_UNDOABLE:])
        return self.__class__.undo(self._deeds)

    async def _choose(self, numbers: list[int]) -> None:
        language = await self.get_var_value(Ui.language)
        self.chosen, self.all_chosen, self.offer = numbers, False, ""
        self.count = word("chosen_count", language, count=len(numbers)) if numbers else ""

    async def _offer_all(self) -> None:
        """Where more match than the page shows, say how many could be chosen."""
        language = await self.get_var_value(Ui.language)
        try:
            found = await in_thread(_meant, who(self), self._wanted, bulk.MOST + 1)
        except KeybatchError:
            return  # the page says already that nothing can be read
        if len(found) > len(self._shown):
            self._matching = min(len(found), bulk.MOST)
            key = "all_that_match" if len(found) <= bulk.MOST else "newest_that_match"
            self.offer = word(key, language, count=self._matching)


def _meant(caller: Caller, wanted: Asked, most: int = bulk.MOST) -> list[int]:
    return listing.matching(house(), caller.workspace, wanted.fits(), most)


def notes(verb: Verb, done: Done, tag: str, undo: EventSpec | None, language: Language) -> list[EventSpec]:
    """What was done, with the way back where there is one, and what was refused."""
    said = []
    if done.done:
        text = word(f"bulk_did_{verb}", language, count=len(done.done), tag=tag)
        said.append(toasts.undoable(text, word("undo", language), undo) if undo else toasts.said(text))
    if done.refused:
        why = told([one.error.sentence(language) for one in done.refused], language)
        said.append(toasts.refused(word("bulk_refused", language, count=len(done.refused), why=why)))
    return said or [toasts.said(word("bulk_unchanged", language))]


def asking(verb: Verb, weighed: Weighed, language: Language) -> Ask:
    """The question before ``verb`` is done to what was weighed."""
    fit, rest = len(weighed.fit), sum(weighed.others.values())
    others = word(f"others_{verb}", language, count=rest) + " " + counted(weighed.others, language) if rest else ""
    return Ask(
        verb=verb,
        title=word(f"bulk_ask_{verb}" if fit else f"bulk_none_{verb}", language, count=fit),
        counts=word("affected", language, count=fit, states=counted(weighed.by_state, language)) if fit else "",
        others=others,
        confirm=word(f"bulk_{verb}", language),
        fits=fit > 0,
    )


def _about_tags(verb: Verb, count: int, language: Language) -> Ask:
    title, confirm = word(f"bulk_ask_{verb}", language, count=count), word(f"bulk_{verb}", language)
    return Ask(verb=verb, title=title, confirm=confirm, fits=count > 0, tags=True)
