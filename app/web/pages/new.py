"""A new batch: paste keywords or give a file, pick sources, submit. Pasted text stays in the browser until then."""

from typing import Any

import reflex as rx
from reflex.event import EventSpec

from app import clock
from app.errors import KeybatchError
from app.services import batches, catalogue
from app.services import preview as previews
from app.services.shapes import Preview, Submitted
from app.web import choices, uploads
from app.web.backend import house, in_thread, source_infos
from app.web.choices import AGES, Group, Option
from app.web.components import forecast as forecast_parts
from app.web.components import upload
from app.web.components.basics import icon, notice, skeleton_lines
from app.web.components.groups import group_box
from app.web.components.treatment import treatment
from app.web.forecast import Forecast, forecast
from app.web.given import Given
from app.web.layout import page
from app.web.receipt import Receipt
from app.web.state import Ui, allowed, w
from app.web.uploads import Report
from app.web.words import word


class NewState(rx.State):
    """The choices, and why the last submit was refused."""

    groups: list[Group] = []
    steps: list[Option] = []
    fixes: list[Option] = []
    loaded: bool = False
    busy: bool = False
    refusal: str = ""
    #: Something to look at before the batch is made.
    hint: str = ""
    forecast: Forecast = Forecast()
    _refused: KeybatchError | None = None
    _preview: Preview | None = None
    _report: Report | None = None

    @rx.event
    async def enter(self) -> None:
        """Show what can be picked, with what is left today."""
        self.busy, self.refusal, self._refused = False, "", None
        await self.refresh()

    @rx.event
    async def refresh(self) -> None:
        """Write everything in the tab's language, with today's figures."""
        language = await self.get_var_value(Ui.language)
        self.groups = choices.groups(await in_thread(catalogue.catalogue, house()), language)
        self.steps, self.fixes = choices.steps(language), choices.fixes(language)
        self.refusal = self._refused.sentence(language) if self._refused else ""
        self.hint = word("check_table", language) if self.hint else ""
        found, counts = self._preview, self._report.counts if self._report else {}
        self.forecast = (
            forecast(found, source_infos(), clock.now_ms(), language, counts, uploads.MAX_TOLD) if found else Forecast()
        )
        await (await self.get_state(Given)).show()
        self.loaded = True

    @rx.event
    def outdate(self) -> None:
        """What was foretold was of other keywords."""
        if self._report is not None:
            uploads.discard(self._report.path)
        self._preview, self._report, self.forecast, self.hint = None, None, Forecast(), ""

    @rx.event
    async def submit(self, form: dict[str, Any]):  # type: ignore[no-untyped-def]  # handlers yield whatever Reflex chains
        """Make the batch and go to its page, or only say what it would be; or say why not. What was typed stays."""
        if self.busy:
            return
        self.busy, self.refusal, self.hint, self._refused = True, "", "", None
        yield
        try:
            given = await self.get_state(Given)
            seen = await given.paste(str(form.get("keywords", "")))
            if form.get("intent") == "preview" or not seen:
                await self._foretell(form, "" if seen else "check_table")
                return
            made = await self._make(form)
        except KeybatchError as exc:
            self.outdate()
            self._refused = exc
            self.refusal = exc.sentence(await self.get_var_value(Ui.language))
        else:
            given.forget()
            self.outdate()
            (await self.get_state(Receipt)).keep(made)
            yield rx.redirect(f"/batches/{made.batch}")
        finally:
            self.busy = False

    @rx.event
    async def download(self) -> EventSpec | None:
        """Every line that is not simply taken, as a CSV."""
        if self._report is None:
            return None
        data = await in_thread(self._report.read)
        return rx.download(data=data, filename="keybatch-lines.csv", mime_type="text/csv")

    async def _make(self, form: dict[str, Any]) -> Submitted:
        """Raises what `app.services.batches.submit` raises."""
        person, given = allowed(self, "submit"), await self.get_state(Given)
        return await in_thread(
            batches.submit,
            house(),
            given.lines(str(form.get("keywords", ""))),
            choices.picked(form),
            columns=given.others(),
            name=str(form.get("name", "")),
            deadline_at=choices.deadline_at(form),
            who=person,
            **_options_of(form),
        )

    async def _foretell(self, form: dict[str, Any], hint: str) -> None:
        """A preview with its report; ``hint``: what to look at. Raises what `app.services.preview.preview` raises."""
        lines = (await self.get_state(Given)).lines(str(form.get("keywords", "")))
        report = Report(await in_thread(uploads.fresh, house().settings.data_dir))
        try:
            found = await in_thread(
                previews.preview, house(), lines, choices.picked(form), tell=report.tell, **_options_of(form)
            )
            await in_thread(report.flush)
        except BaseException:
            uploads.discard(report.path)
            raise
        self.outdate()
        self._preview, self._report, self.hint = found, report, hint
        await self.refresh()


def _options_of(form: dict[str, Any]) -> dict[str, Any]:
    """What a preview and a submit are told alike. Raises BadValue."""
    return {
        "priority": str(form.get("priority", "default")),
        "max_age_s": choices.max_age_s(form),
        "treatment": choices.treatment(form),
        "pay_with": choices.pay_with(form),
    }


def _sources() -> rx.Component:
    return rx.el.div(
        rx.el.h2(w("sources"), id="sources-title"),
        rx.cond(NewState.loaded, rx.foreach(NewState.groups, group_box), skeleton_lines(4)),
        rx.cond(NewState.loaded & (NewState.groups.length() == 0), rx.el.p(w("no_sources"), class_name="mut")),
        class_name="sec sources",
        role="group",
        custom_attrs={"aria-labelledby": "sources-title"},
    )


def _keywords() -> rx.Component:
    count = rx.el.output(id="keyword-count", html_for="keywords")
    return upload.zone(
        rx.el.div(
            rx.el.label(w("keywords"), html_for="keywords", class_name="strong"),
            rx.el.span(count, " ", w("lines"), class_name=rx.cond(Given.table.file, "chip num away", "chip num")),
            upload.chooser(),
            class_name="panel-top",
        ),
        _paste(),
        upload.table(NewState.outdate),
        treatment(NewState.steps, NewState.fixes),
        changed=NewState.outdate,
    )


def _paste() -> rx.Component:
    """The box for lines; it stays where it is, unseen, while there is a file."""
    return rx.el.div(
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
        class_name=rx.cond(Given.table.file, "paste away", "paste"),
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
            rx.cond(NewState.refusal != "", notice("fail", NewState.refusal)),
            rx.cond(NewState.hint != "", notice("wait", NewState.hint)),
            custom_attrs={"aria-live": "assertive"},
        ),
        forecast_parts.forecast(NewState.forecast, NewState.busy),
        rx.el.input(type="hidden", id="intent", name="intent"),  # what the button that was pressed means
        rx.el.div(
            rx.el.button(
                w("preview"),
                type="submit",
                disabled=NewState.busy | Given.loading,
                class_name="btn",
                custom_attrs={"data-intent": "preview"},
            ),
            rx.el.button(
                rx.cond(NewState.busy, w("submitting"), w("submit")),
                rx.el.kbd("Ctrl ↵", custom_attrs={"aria-hidden": "true"}),
                type="submit",
                disabled=NewState.busy | Given.loading,
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
            forecast_parts.findings(NewState.forecast, NewState.download),
            id="new-batch",
            on_mount=[Given.remove, NewState.outdate],  # an empty form; not when a lost connection is back
            on_submit=NewState.submit,
            class_name="cols",
        ),
        active="new",
        crumb=rx.fragment(icon("layers", 14), rx.el.span(w("batches")), " / ", rx.el.b(w("new_batch"))),
        on_language=NewState.refresh,
    )
