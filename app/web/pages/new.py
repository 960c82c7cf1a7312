"""A new batch: paste keywords, pick sources, submit. The pasted text stays in the browser until it is submitted."""

from typing import Any

import reflex as rx

from app import clock
from app.errors import KeybatchError
from app.services import batches, catalogue
from app.services import preview as previews
from app.services.shapes import Preview
from app.web.backend import house, in_thread, source_infos
from app.web.choices import AGES, Choice, Group, deadline_at, groups, max_age_s, picked
from app.web.components import forecast as forecast_parts
from app.web.components.basics import icon, notice, skeleton_lines
from app.web.forecast import Forecast, forecast
from app.web.layout import page
from app.web.receipt import Receipt
from app.web.state import Ui, w


class NewState(rx.State):
    """The choices, and why the last submit was refused."""

    groups: list[Group] = []
    loaded: bool = False
    busy: bool = False
    refusal: str = ""
    forecast: Forecast = Forecast()
    _refused: KeybatchError | None = None
    _preview: Preview | None = None

    @rx.event
    async def enter(self) -> None:
        """Show what can be picked, with what is left today."""
        self.busy, self.refusal, self._refused, self._preview = False, "", None, None
        await self.refresh()

    @rx.event
    async def refresh(self) -> None:
        """Write everything in the tab's language, with today's figures."""
        language = await self.get_var_value(Ui.language)
        self.groups = groups(await in_thread(catalogue.catalogue, house()), language)
        self.refusal = self._refused.sentence(language) if self._refused else ""
        found = self._preview
        self.forecast = forecast(found, source_infos(), clock.now_ms(), language) if found else Forecast()
        self.loaded = True

    @rx.event
    async def submit(self, form: dict[str, Any]):  # type: ignore[no-untyped-def]  # handlers yield whatever Reflex chains
        """Make the batch and go to its page, or only say what it would be; or say why not. What was typed stays."""
        if self.busy:
            return
        self.busy, self.refusal, self._refused = True, "", None
        yield
        lines, options = str(form.get("keywords", "")).split("\n"), _options_of(form)
        try:
            if form.get("intent") == "preview":
                self._preview = await in_thread(previews.preview, house(), lines, picked(form), **options)
                await self.refresh()
                return
            deadline, name = deadline_at(form), str(form.get("name", ""))
            made = await in_thread(
                batches.submit, house(), lines, picked(form), name=name, deadline_at=deadline, **options
            )
        except KeybatchError as exc:
            self._refused, self._preview, self.forecast = exc, None, Forecast()
            self.refusal = exc.sentence(await self.get_var_value(Ui.language))
        else:
            (await self.get_state(Receipt)).keep(made)
            yield rx.redirect(f"/batches/{made.batch}")
        finally:
            self.busy = False


def _options_of(form: dict[str, Any]) -> dict[str, Any]:
    return {"priority": str(form.get("priority", "default")), "max_age_s": max_age_s(form)}


def _choice_row(choice: rx.Var[Choice], ready: rx.Var[bool]) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox", name=choice.field, default_checked=choice.first, disabled=~ready, class_name="tick"
        ),
        rx.el.span(
            rx.el.span(choice.title, class_name="src-title"),
            rx.el.small(choice.name, rx.cond(choice.note != "", f" · {choice.note}", "")),
        ),
        class_name=rx.cond(ready, "src", "src off"),
        key=choice.name,
    )


def _group_box(group: rx.Var[Group]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            icon("chevron-right", 14),
            rx.el.span(group.title, class_name="src-name"),
            rx.el.span(
                group.limits, rx.cond(group.left != "", rx.el.b(group.left), rx.fragment()), class_name="src-limits"
            ),
        ),
        rx.cond(
            group.ready,
            rx.fragment(),
            rx.el.p(
                icon("key-round", 14), rx.el.span(w("needs"), ": ", rx.el.code(group.missing)), class_name="src-needs"
            ),
        ),
        rx.foreach(group.choices, lambda choice: _choice_row(choice, group.ready)),
        open=group.opened,
        class_name="src-group",
        key=group.upstream,
    )


def _sources() -> rx.Component:
    return rx.el.div(
        rx.el.h2(w("sources"), id="sources-title"),
        rx.cond(NewState.loaded, rx.foreach(NewState.groups, _group_box), skeleton_lines(4)),
        rx.cond(NewState.loaded & (NewState.groups.length() == 0), rx.el.p(w("no_sources"), class_name="mut")),
        class_name="sec sources",
        role="group",
        custom_attrs={"aria-labelledby": "sources-title"},
    )


def _keywords() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.label(w("keywords"), html_for="keywords", class_name="strong"),
            rx.el.span(
                rx.el.output(id="keyword-count", html_for="keywords"),
                " ",
                w("lines"),
                class_name="chip num",
            ),
            class_name="panel-top",
        ),
        rx.el.div(
            rx.el.div(rx.el.div(id="keyword-gutter"), class_name="ln", custom_attrs={"aria-hidden": "true"}),
            rx.el.textarea(
                id="keywords",
                name="keywords",
                placeholder=w("keywords_hint"),
                spell_check=False,
                wrap="off",
                auto_focus=True,
                auto_complete="off",
                custom_attrs={"autoCapitalize": "off"},
            ),
            class_name="paste",
        ),
        class_name="panel",
    )


def _select(key: str, field_name: str, options: list[tuple[str, str]], chosen: str) -> rx.Component:
    return rx.el.label(
        rx.el.span(w(key)),
        rx.el.select(
            *[rx.el.option(w(text), value=value) for value, text in options],
            name=field_name,
            default_value=chosen,
            class_name="inp",
        ),
        class_name="field",
    )


def _options() -> rx.Component:
    return rx.el.div(
        rx.el.label(
            rx.el.span(w("name")),
            rx.el.input(name="name", max_length=200, class_name="inp", placeholder=w("name_hint"), auto_complete="off"),
            class_name="field",
        ),
        rx.el.div(
            _select("priority", "priority", [(p, p) for p in ("high", "default", "low")], "default"),
            _select("max_age", "max_age", [(str(days), f"age_{days}") for days in AGES], "0"),
            class_name="pair",
        ),
        rx.el.label(
            rx.el.span(w("deadline")),
            rx.el.input(name="deadline", type="datetime-local", class_name="inp"),
            class_name="field",
        ),
        class_name="sec",
    )


def _submit() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.cond(NewState.refusal != "", notice("fail", NewState.refusal)), custom_attrs={"aria-live": "assertive"}
        ),
        forecast_parts.forecast(NewState.forecast, NewState.busy),
        rx.el.input(type="hidden", id="intent", name="intent"),  # what the button that was pressed means
        rx.el.div(
            rx.el.button(
                w("preview"),
                type="submit",
                disabled=NewState.busy,
                class_name="btn",
                custom_attrs={"data-intent": "preview"},
            ),
            rx.el.button(
                rx.cond(NewState.busy, w("submitting"), w("submit")),
                rx.el.kbd("Ctrl ↵", custom_attrs={"aria-hidden": "true"}),
                type="submit",
                disabled=NewState.busy,
                class_name="btn p",
                custom_attrs={"aria-keyshortcuts": "Control+Enter", "data-intent": "submit"},
            ),
            class_name="two",
        ),
        class_name="sec",
    )


def view() -> rx.Component:
    """The page."""
    return page(
        rx.el.div(
            rx.el.div(rx.el.h1(w("new_batch")), rx.el.p(w("new_lead"), class_name="mut")),
            class_name="head",
        ),
        rx.el.form(
            _keywords(),
            rx.el.div(_sources(), _options(), _submit(), class_name="panel side"),
            id="new-batch",
            on_submit=NewState.submit,
            class_name="cols",
        ),
        active="new",
        crumb=rx.fragment(icon("layers", 14), rx.el.span(w("batches")), " / ", rx.el.b(w("new_batch"))),
        on_language=NewState.refresh,
    )
