"""The audit: who did what in the workspace, when and from where."""

from typing import Any

import reflex as rx

from app import clock
from app.errors import KeybatchError
from app.services import audit as service
from app.web import addresses, audit
from app.web.audit import AuditLine, Choice
from app.web.backend import house, in_thread
from app.web.components import settings as parts
from app.web.components.basics import empty, icon, link
from app.web.section import Section
from app.web.state import allowed, w

#: Acts on one page.
PAGE = 50


class AuditState(Section, rx.State):
    """The acts on screen, and what they are filtered by."""

    lines: list[AuditLine] = []
    kinds: list[Choice] = []
    by: str = ""
    what: str = ""
    since: str = ""
    until: str = ""
    batch: str = ""
    narrow: bool = False
    older: str = ""
    newest: str = ""
    download: str = ""

    @rx.event
    async def enter(self) -> None:
        """Read the page that the address names, if it names this section."""
        if self._is_open("audit"):
            await self.refresh()

    @rx.event
    async def refresh(self) -> None:
        """Read it again."""
        language, query = await self._language(), self.router.url.query_parameters
        wanted, before = audit.asked(query), addresses.number_of(query.get("before", ""))
        try:
            caller = allowed(self, "admin")
            found = await in_thread(service.page, house(), caller, wanted, before=before, limit=PAGE)
        except KeybatchError as exc:
            self._could_not(exc, language)
            return
        self.lines = audit.lines(found.acts, clock.now_ms(), language)
        self.kinds = audit.kinds(language)
        self.by, self.what = wanted.who, wanted.what[0] if wanted.what else ""
        self.since, self.until = query.get("from", ""), query.get("to", "")
        self.batch = str(wanted.batch or "")
        self.narrow = wanted != service.EVERYTHING
        self.older = audit.address(query, before=found.next) if found.next else ""
        self.newest = audit.address(query) if before is not None else ""
        self.download = audit.download(wanted)
        self.serial += 1
        self._could()

    @rx.event
    def filter(self, form: dict[str, Any]):
        """Go to the address that says so."""
        return rx.redirect(audit.address({name: str(value) for name, value in form.items()}))


def _row(one: rx.Var[AuditLine]) -> rx.Component:
    on = rx.cond(one.address != "", link(one.on, to=one.address))
    return rx.el.tr(
        rx.el.td(rx.el.time(one.when, title=one.stamp), class_name="mut au-when"),
        rx.el.th(one.who, scope="row"),
        rx.el.td(one.what),
        rx.el.td(on, " ", one.about, class_name="au-about"),
        rx.el.td(one.peer, class_name="mono mut"),
        key=one.key,
    )


def _table() -> rx.Component:
    heads = ["audit_when", "audit_who", "audit_what", "audit_on", "audit_from"]
    return rx.el.table(
        rx.el.caption(w("section_audit"), class_name="sr"),
        rx.el.thead(rx.el.tr(*[rx.el.th(w(key), scope="col") for key in heads])),
        rx.el.tbody(rx.foreach(AuditState.lines, _row)),
        class_name="list st-table fold",
    )


def _filters() -> rx.Component:
    def typed(name: str, value: rx.Var[str], kind: str = "text") -> rx.Component:
        return rx.el.input(name=name, type=kind, default_value=value, max_length=100, class_name="inp sm")

    what = rx.el.select(
        rx.el.option(w("audit_all"), value=""),
        rx.foreach(AuditState.kinds, lambda one: rx.el.option(one.label, value=one.value, key=one.value)),
        name="what",
        default_value=AuditState.what,
        class_name="inp sm",
    )
    return rx.el.form(
        rx.el.div(
            parts.field(w("audit_who"), typed("who", AuditState.by)),
            parts.field(w("audit_what"), what),
            parts.field(w("audit_since"), typed("from", AuditState.since, "date")),
            parts.field(w("audit_until"), typed("to", AuditState.until, "date")),
            parts.field(w("audit_batch"), typed("batch", AuditState.batch)),
            class_name="fields",
        ),
        rx.el.div(
            rx.el.button(w("apply"), type="submit", class_name="btn p"),
            rx.cond(AuditState.narrow, link(w("audit_everything"), to="/settings?section=audit", class_name="btn")),
            rx.el.button(
                icon("rotate-cw"), w("audit_again"), type="button", on_click=AuditState.refresh, class_name="btn"
            ),
            rx.el.a(icon("download"), "CSV", href=AuditState.download, class_name="btn", download=True),
            class_name="form-acts",
        ),
        on_submit=AuditState.filter,
        class_name="st-form wide",
        key=AuditState.serial.to_string(),
    )


def _pager() -> rx.Component:
    return rx.el.nav(
        rx.cond(
            AuditState.newest != "",
            link(icon("chevrons-left"), w("newest_acts"), to=AuditState.newest, class_name="btn"),
            rx.el.span(),
        ),
        rx.cond(
            AuditState.older != "",
            link(w("older_acts"), icon("chevron-right"), to=AuditState.older, class_name="btn"),
        ),
        class_name="pager",
        custom_attrs={"aria-label": w("pages")},
    )


def view() -> rx.Component:
    """The section."""
    return parts.body(
        AuditState.phase,
        AuditState.problem,
        parts.panel(
            w("section_audit"),
            _filters(),
            rx.cond(
                AuditState.lines.length() > 0,
                rx.el.div(_table(), class_name="au-scroll"),
                empty("history", w("audit_none_title"), w("audit_none_body")),
            ),
            rx.cond((AuditState.older != "") | (AuditState.newest != ""), _pager()),
            lead=w("audit_lead"),
        ),
    )
