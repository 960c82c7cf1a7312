"""The house: its version, its settings as they are in force, and how long things are kept."""

from dataclasses import asdict, dataclass

import reflex as rx

from app.errors import KeybatchError, Language
from app.services import inforce, retention
from app.services.inforce import InForce
from app.web.backend import house, in_thread
from app.web.components import settings as parts
from app.web.components.basics import link
from app.web.section import Section
from app.web.state import allowed, w
from app.web.words import known, word

#: What is kept, each with how long, beside what the settings say.
KEPT = ("batches", "deliveries", "counts", "sessions", "keys")
#: What goes when the settings say so.
KEPT_DAYS = ("events", "readings", "items")


@dataclass
class SettingLine:
    """A setting: ``value`` as it is in force; ``set``: it is not the default."""

    name: str
    what: str
    value: str
    set: bool


def line(one: InForce, language: Language) -> SettingLine:
    """A setting in the words of the page. Of a secret one it is told only whether there is one."""
    key = f"setting_{one.key}"
    value = word("secret_set" if one.set else "secret_unset", language) if one.secret else one.value or "–"
    return SettingLine(one.name, word(key, language) if known(key) else one.description, value, one.set)


def kept_for(days: int | None, language: Language) -> str:
    """How long something is kept."""
    return word("kept_ever", language) if days is None else word("kept_days", language, days=days)


class HouseState(Section, rx.State):
    """What is in force."""

    version: str = ""
    lines: list[SettingLine] = []
    kept: dict[str, str] = {}

    @rx.event
    async def enter(self) -> None:
        """Read it, if the address names this section."""
        if self._is_open("house"):
            await self.refresh()

    @rx.event
    async def refresh(self) -> None:
        """Read it again."""
        language = await self._language()
        try:
            allowed(self, "admin")
            found = await in_thread(inforce.settings, house())
        except KeybatchError as exc:
            self._could_not(exc, language)
            return
        self.version, self.lines = inforce.version(), [line(one, language) for one in found]
        days = asdict(retention.in_force(house().settings))
        self.kept = {name: kept_for(days[name], language) for name in KEPT_DAYS}
        self._could()


def _row(one: rx.Var[SettingLine]) -> rx.Component:
    is_set = rx.el.span(w("setting_is_set"), class_name="chip")
    return rx.el.tr(
        rx.el.th(rx.el.code(one.name), rx.el.small(one.what), scope="row", class_name="st-setting"),
        rx.el.td(rx.el.code(one.value), class_name=rx.cond(one.set, "st-value set", "st-value")),
        rx.el.td(rx.cond(one.set, is_set, rx.el.span(w("setting_default"), class_name="dim"))),
        key=one.name,
    )


def _table() -> rx.Component:
    heads = [rx.el.th(w(key), scope="col") for key in ("setting", "setting_value", "setting_from")]
    return rx.el.table(
        rx.el.caption(w("settings_in_force"), class_name="sr"),
        rx.el.thead(rx.el.tr(*heads)),
        rx.el.tbody(rx.foreach(HouseState.lines, _row)),
        class_name="list st-table st-settings",
    )


def view() -> rx.Component:
    """The section."""
    kept = [rx.el.div(rx.el.dt(w(f"kept_{name}")), rx.el.dd(w(f"kept_{name}_for"))) for name in KEPT]
    kept[1:1] = [rx.el.div(rx.el.dt(w(f"kept_{name}")), rx.el.dd(HouseState.kept[name])) for name in KEPT_DAYS]
    more = link(w("limits_of_sources"), to="/sources", class_name="st-more")
    version = rx.el.div(rx.el.dt(w("version")), rx.el.dd(f"Keybatch {HouseState.version}"))
    return parts.body(
        HouseState.phase,
        HouseState.problem,
        parts.panel(w("section_house"), rx.el.dl(version, class_name="st-facts")),
        parts.panel(w("retention"), rx.el.dl(*kept, class_name="st-kept"), lead=w("retention_lead")),
        parts.panel(w("settings_in_force"), _table(), rx.el.div(more, class_name="st-foot"), lead=w("settings_lead")),
    )
