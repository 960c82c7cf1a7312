"""The columns that a batch works out of others: which there are, and the form that changes them."""

from dataclasses import dataclass
from typing import Any

import orjson
import reflex as rx

from app.errors import KeybatchError
from app.services import batches, derived
from app.services.derived import Spec
from app.web import addresses
from app.web.backend import house, in_thread
from app.web.components.basics import icon, notice
from app.web.state import Ui, allowed, w, who


@dataclass
class Made:
    """A worked-out column, ready to show."""

    title: str
    formula: str
    bands: str


class DerivedState(rx.State):
    """The worked-out columns of the batch in the address, and what a formula may name."""

    made: list[Made] = []
    channels: list[str] = []
    names: list[str] = []
    refusal: str = ""

    @rx.event
    async def enter(self) -> None:
        """Read them when the editor is opened."""
        await self._read()

    @rx.event
    async def ratio(self, form: dict[str, Any]) -> None:
        """Let the competition ratio count another channel, or have other bands."""
        chosen, bands = str(form.get("channel", "")), str(form.get("bands", "")).strip()
        specs = derived.suggested(await self._sources(), chosen)
        await self._put([Spec(one.formula, bands=bands) for one in specs] + await self._specs(but_ratio=True))

    @rx.event
    async def add(self, form: dict[str, Any]) -> None:
        """Add a formula."""
        spec = Spec(str(form.get("formula", "")).strip(), str(form.get("title", "")).strip())
        await self._put([*await self._specs(), spec])

    @rx.event
    async def remove(self, index: int) -> None:
        """Take a column away."""
        specs = await self._specs()
        await self._put([spec for n, spec in enumerate(specs) if n != index])

    async def _put(self, specs: list[Spec]) -> None:
        batch, self.refusal = await self._batch(), ""
        try:
            person = allowed(self, "submit")
            await in_thread(derived.change, house(), batch, specs, who=person)
        except KeybatchError as exc:
            self.refusal = exc.sentence(await self.get_var_value(Ui.language))
        await self._read()

    async def _specs(self, *, but_ratio: bool = False) -> list[Spec]:
        view = await in_thread(batches.get, house(), await self._batch())
        names = tuple(source.name for source in view.sources)
        made = derived.columns(view.derived, names)
        kept = [Spec(**one) for one in orjson.loads(view.derived)]
        ratio = [one.key.startswith("competition.") for one in made]
        return [spec for spec, is_ratio in zip(kept, ratio, strict=True) if not (but_ratio and is_ratio)]

    async def _sources(self) -> list[str]:
        view = await in_thread(batches.get, house(), await self._batch())
        return [source.name for source in view.sources]

    async def _read(self) -> None:
        view = await in_thread(batches.get, house(), await self._batch())
        sources = tuple(source.name for source in view.sources)
        korean = await self.get_var_value(Ui.language) == "ko"
        made = derived.columns(view.derived, sources)
        self.made = [
            Made(one.ko if korean else one.en, one.formula.text, str(one.bands) if one.bands else "") for one in made
        ]
        self.names = list(derived.names(sources))
        self.channels = [name for name in sources if derived.counts(name) == "documents"]
        if not any(derived.counts(name) == "searches" for name in sources):
            self.channels = []

    async def _batch(self) -> int:
        """The batch in the address. Raises NoSuchBatch, for one of another workspace too."""
        batch = addresses.batch_of(self.router.url.path)
        return await in_thread(batches.require_in, house(), who(self).workspace, batch or 0)


def editor(*, on_change: rx.EventHandler) -> rx.Component:
    """The editor, folded at first; ``on_change`` is called after each change."""
    return rx.el.details(
        rx.el.summary(icon("chevron-right", 14), rx.el.span(w("derived")), on_click=DerivedState.enter),
        rx.el.div(
            rx.cond(DerivedState.refusal != "", notice("fail", DerivedState.refusal)),
            rx.cond(
                DerivedState.made.length() > 0,
                rx.el.ul(
                    rx.foreach(DerivedState.made, lambda one, index: _line(one, index, on_change)), class_name="made"
                ),
                rx.el.p(w("derived_none"), class_name="mut"),
            ),
            rx.el.div(
                rx.cond(DerivedState.channels.length() > 0, _ratio(on_change)), _formula(on_change), class_name="pair"
            ),
            class_name="derived-body",
        ),
        class_name="panel derived",
    )


def _line(one: rx.Var[Made], index: rx.Var[int], on_change: rx.EventHandler) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.title, class_name="strong"),
        rx.el.code(one.formula),
        rx.cond(one.bands != "", rx.el.small(w("bands"), " ", one.bands)),
        rx.el.button(
            icon("x", 14),
            rx.el.span(w("remove"), class_name="sr"),
            type="button",
            class_name="btn q square",
            title=w("remove"),
            on_click=[DerivedState.remove(index), on_change()],
        ),
        key=one.formula,
    )


def _ratio(on_change: rx.EventHandler) -> rx.Component:
    return rx.el.form(
        rx.el.label(
            rx.el.span(w("derived_ratio")),
            rx.el.select(
                rx.foreach(DerivedState.channels, lambda name: rx.el.option(name, value=name)),
                name="channel",
                class_name="inp",
            ),
            class_name="field",
        ),
        rx.el.label(
            rx.el.span(w("bands")),
            rx.el.input(name="bands", default_value="0.5,1,3", class_name="inp", auto_complete="off"),
            class_name="field",
        ),
        rx.el.button(w("apply"), type="submit", class_name="btn"),
        on_submit=[DerivedState.ratio, on_change()],
    )


def _formula(on_change: rx.EventHandler) -> rx.Component:
    return rx.el.form(
        rx.el.label(
            rx.el.span(w("derived_title")),
            rx.el.input(name="title", max_length=80, class_name="inp", auto_complete="off"),
            class_name="field",
        ),
        rx.el.label(
            rx.el.span(w("derived_formula")),
            rx.el.input(
                name="formula",
                max_length=500,
                class_name="inp",
                auto_complete="off",
                spell_check=False,
                required=True,
            ),
            class_name="field",
        ),
        rx.el.p(
            w("derived_names"),
            " ",
            rx.foreach(DerivedState.names, rx.el.code),
            class_name="mut names",
        ),
        rx.el.button(w("add"), type="submit", class_name="btn"),
        reset_on_submit=False,
        on_submit=[DerivedState.add, on_change()],
    )
