"""The presets of a new batch: listed, applied, kept, forgotten; and what a link fills the form with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import reflex as rx
from reflex.event import EventSpec

from app.errors import BadValue, KeybatchError, Language, NoSuchThing
from app.services import batches, catalogue, saved
from app.services.house import House
from app.services.saved import Kept
from app.web import filled, filling, toasts
from app.web.backend import house, in_thread
from app.web.filling import Filling
from app.web.state import Ui, allowed, who
from app.web.words import word


@dataclass
class PresetShown:
    """A preset as the list has it."""

    name: str
    about: str


class Presets(rx.State):
    """The presets of the workspace. ``fill``: what the page's script fills the form with, JSON."""

    listed: list[PresetShown] = []
    fill: str = ""

    @rx.event
    async def enter(self) -> EventSpec | None:
        """List them, and fill the form as the address says."""
        await self.refresh()
        link = self.router.url.query
        query = parse_qs(link)
        if not query:
            self.fill = ""
            return None
        try:
            found = await in_thread(_linked, house(), who(self).workspace, query)
        except KeybatchError as exc:
            return toasts.refused(filled.sentence(exc, await self.get_var_value(Ui.language)))
        return await self._put(found, link)

    @rx.event
    async def refresh(self) -> None:
        """List them in the tab's language."""
        language = await self.get_var_value(Ui.language)
        kept = await in_thread(saved.listing, house(), who(self).workspace, "preset")
        self.listed = [PresetShown(one.name, _about(one, language)) for one in kept]

    @rx.event
    async def apply(self, name: str) -> EventSpec | None:
        """Fill the form as a preset says."""
        try:
            found = await in_thread(_linked, house(), who(self).workspace, {"preset": [name]})
        except KeybatchError as exc:
            return await self._refuse(exc)
        return await self._put(found)

    @rx.event
    async def keep(self, name: str, form: dict[str, Any]) -> EventSpec:
        """Keep what a form says under a name."""
        try:
            before = await in_thread(_before, house(), who(self).workspace, name)
            kept = await in_thread(saved.keep, house(), allowed(self, "submit"), "preset", name, filling.body(form))
        except KeybatchError as exc:
            return await self._refuse(exc)
        await self.refresh()
        language = await self.get_var_value(Ui.language)
        if before is None:
            return toasts.said(word("preset_kept", language, name=kept.name))
        back = Presets.put_back(before.name, before.body)
        return toasts.undoable(word("preset_replaced", language, name=kept.name), word("undo", language), back)

    @rx.event
    async def drop(self, name: str) -> EventSpec:
        """Forget a preset; the note that says so brings it back."""
        try:
            gone = await in_thread(saved.forget, house(), allowed(self, "submit"), "preset", name)
        except KeybatchError as exc:
            return await self._refuse(exc)
        await self.refresh()
        language = await self.get_var_value(Ui.language)
        back = Presets.put_back(gone.name, gone.body)
        return toasts.undoable(word("preset_gone", language, name=gone.name), word("undo", language), back)

    @rx.event
    async def put_back(self, name: str, body: dict[str, Any]) -> EventSpec | None:
        """Keep a preset as it was."""
        try:
            await in_thread(saved.keep, house(), allowed(self, "submit"), "preset", name, body)
        except KeybatchError as exc:
            return await self._refuse(exc)
        await self.refresh()
        return None

    async def _put(self, found: Filling, link: str = "") -> EventSpec | None:
        """Hand it to the page's script; say what of it cannot be picked."""
        self.fill = found.written(link)
        if not found.gone:
            return None
        language = await self.get_var_value(Ui.language)
        return toasts.refused(word("sources_gone", language, names=", ".join(found.gone)[:200]))

    async def _refuse(self, exc: KeybatchError) -> EventSpec:
        language = await self.get_var_value(Ui.language)
        if isinstance(exc, BadValue) and exc.facts.get("name") == "name":
            full = len(self.listed) >= saved.MOST
            return toasts.refused(word("presets_full" if full else "preset_name_wrong", language))
        if isinstance(exc, NoSuchThing):
            return toasts.refused(word("preset_unknown", language, name=str(exc.facts["id"])[:80]))
        return toasts.refused(exc.sentence(language))


def _about(one: Kept, language: Language) -> str:
    """How many sources it has and who kept it last."""
    count = word("sources_picked", language, count=len(filling.sources_of(one.body)))
    return " · ".join(part for part in (count, one.owner) if part)


def _before(at: House, workspace: int, name: str) -> Kept | None:
    try:
        return saved.one(at, workspace, "preset", name)
    except NoSuchThing:
        return None


def _linked(at: House, workspace: int, query: Mapping[str, Sequence[str]]) -> Filling:
    """What the form is filled with by a link: a preset, over it an earlier batch, over these what it says by itself.
    Raises NoSuchThing, NoSuchBatch, BadValue."""
    usable = {info.name for info in catalogue.catalogue(at) if info.ready}
    found: Filling | None = None
    if name := query.get("preset", [""])[0]:
        found = filling.of_body(saved.one(at, workspace, "preset", name).body, usable)
    number = query.get("from", [""])[0]
    if number.isdecimal() and len(number) < 19:
        batch = batches.get(at, batches.require_in(at, workspace, int(number)))
        found = filling.joined(found, filling.of_batch(batch, usable))
    return filling.joined(found, filling.of_link(query, usable))
