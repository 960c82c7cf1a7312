"""Parts of the ops page: tables of workers, queues, slices, failed jobs and halts. They know no page."""

import reflex as rx

from app.web.components.basics import link
from app.web.houses import Line
from app.web.ops import HaltLine, QueueLine, SliceLine, WorkerLine
from app.web.state import w

Head = tuple[rx.Component | rx.Var[str] | str, str]


def panel(
    key: str, *children: rx.Component, told: rx.Var[str] | str = "", lead: rx.Var[str] | None = None
) -> rx.Component:
    """A part of the page under its title; ``told``: how much of it is shown."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(w(key), id=f"{key}-title"),
            rx.el.span(told, class_name="limit-is"),
            class_name="panel-top",
        ),
        rx.el.p(lead, class_name="panel-lead mut") if lead is not None else rx.fragment(),
        *children,
        class_name="panel",
        id=key.replace("_", "-"),
        custom_attrs={"aria-labelledby": f"{key}-title"},
    )


def table(key: str, heads: list[Head], rows: rx.Component, none: rx.Var[str], there: rx.Var[bool]) -> rx.Component:
    """A table in the panel ``key``, or the sentence ``none`` where there is no row."""
    return rx.cond(
        there,
        rx.el.div(
            rx.el.table(
                rx.el.caption(w(key), class_name="sr"),
                rx.el.thead(rx.el.tr(*[rx.el.th(text, class_name=look, scope="col") for text, look in heads])),
                rx.el.tbody(rows),
                class_name="list work-table",
            ),
            class_name="scroll",
            tab_index=0,
            role="region",
            custom_attrs={"aria-labelledby": f"{key}-title"},
        ),
        rx.el.p(none, class_name="nothing"),
    )


def workers(found: rx.Var[list[WorkerLine]]) -> rx.Component:
    """Who works, and on what."""
    heads: list[Head] = [
        (w("worker"), ""),
        (w("state"), ""),
        (w("doing"), ""),
        (w("busy_since"), "num"),
        (w("seen"), "num"),
        (w("jobs_done"), "num"),
        (w("host"), ""),
        (w("pid"), "num"),
    ]
    return panel(
        "workers", table("workers", heads, rx.foreach(found, _worker), w("no_worker_there"), found.length() > 0)
    )


def _worker(one: rx.Var[WorkerLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(one.name, scope="row"),
        rx.el.td(rx.el.span(one.label, class_name=f"chip w-{one.state}")),
        rx.el.td(
            rx.cond(one.address != "", link(one.doing, to=one.address, class_name="name"), one.doing),
            rx.cond(one.source != "", rx.el.code(one.source)),
            rx.cond((one.doing == "") & (one.source == ""), "–", ""),
        ),
        rx.el.td(one.since, class_name="num"),
        rx.el.td(one.seen, class_name="num mut"),
        rx.el.td(one.jobs, class_name="num"),
        rx.el.td(one.host),
        rx.el.td(one.pid, class_name="num"),
        key=one.name,
    )


def queues(found: rx.Var[list[QueueLine]]) -> rx.Component:
    """How much waits where, and for how long."""
    heads: list[Head] = [
        (w("queue_word"), ""),
        (w("waiting_jobs"), "num"),
        (w("oldest_job"), "num"),
        (w("failed_jobs_week"), "num"),
    ]
    rows = rx.foreach(
        found,
        lambda one: rx.el.tr(
            rx.el.th(rx.el.code(one.name), scope="row"),
            rx.el.td(one.waiting, class_name=rx.cond(one.waiting == "0", "num dim", "num strong")),
            rx.el.td(one.oldest, class_name="num"),
            rx.el.td(
                rx.cond(one.failed == "0", one.failed, rx.el.a(one.failed, href="#failed-jobs", class_name="fails")),
                class_name="num",
            ),
            key=one.name,
        ),
    )
    return panel("queues", table("queues", heads, rows, w("no_queue"), found.length() > 0))


def lanes(found: rx.Var[list[SliceLine]], told: rx.Var[str]) -> rx.Component:
    """Lanes that somebody works on."""
    heads: list[Head] = [
        (w("batch_word"), ""),
        (w("source_word"), ""),
        (w("lane"), ""),
        (w("held"), "num"),
        (w("lease"), "num"),
        (w("worker"), ""),
    ]
    rows = rx.foreach(
        found,
        lambda one: rx.el.tr(
            _batch(one),
            rx.el.td(rx.el.code(one.source)),
            rx.el.td(one.note),
            rx.el.td(one.held, class_name="num"),
            rx.el.td(one.when, class_name="num"),
            rx.el.td(one.place, class_name="mut"),
            key=one.key,
        ),
    )
    return panel(
        "slices_under_way", table("slices_under_way", heads, rows, w("no_lane"), found.length() > 0), told=told
    )


def waiting(found: rx.Var[list[SliceLine]], told: rx.Var[str]) -> rx.Component:
    """Jobs that nobody works on yet."""
    heads: list[Head] = [
        (w("batch_word"), ""),
        (w("source_word"), ""),
        (w("queue_word"), ""),
        (w("waits_since"), "num"),
    ]
    rows = rx.foreach(
        found,
        lambda one: rx.el.tr(
            _batch(one),
            rx.el.td(rx.el.code(one.source)),
            rx.el.td(rx.el.code(one.place)),
            rx.el.td(one.when, class_name="num"),
            key=one.key,
        ),
    )
    shown = table("slices_queued", heads, rows, w("no_slice_waits"), found.length() > 0)
    return panel("slices_queued", shown, told=told)


def failed(found: rx.Var[list[SliceLine]], told: rx.Var[str]) -> rx.Component:
    """Jobs that broke, the newest first."""
    heads: list[Head] = [
        (w("when_failed"), ""),
        (w("batch_word"), ""),
        (w("source_word"), ""),
        (w("went_wrong_with"), ""),
    ]
    rows = rx.foreach(
        found,
        lambda one: rx.el.tr(
            rx.el.td(one.when, class_name="mut"),
            _batch(one),
            rx.el.td(rx.el.code(one.source)),
            rx.el.td(one.note, class_name="c-wrong"),
            key=one.key,
        ),
    )
    shown = table("failed_jobs", heads, rows, w("no_failed"), found.length() > 0)
    return panel("failed_jobs", shown, told=told, lead=w("failed_jobs_lead"))


def _batch(one: rx.Var[SliceLine]) -> rx.Component:
    return rx.el.th(
        rx.cond(
            one.address != "",
            link(one.batch, to=one.address, class_name="name", title=one.batch),
            rx.el.span(one.batch, class_name="dim"),
        ),
        scope="row",
        class_name="c-batch",
    )


def halts(found: rx.Var[list[HaltLine]]) -> rx.Component:
    """Accounts that are not asked, why, and until when."""
    return panel(
        "halts",
        rx.cond(
            found.length() > 0,
            rx.el.ul(
                rx.foreach(
                    found,
                    lambda one: rx.el.li(
                        link(
                            rx.el.span(
                                rx.el.b(one.account), rx.el.span(one.until, class_name="num"), class_name="quota-top"
                            ),
                            rx.el.span(
                                rx.el.span(one.label, class_name=f"chip h-{one.kind}"),
                                rx.cond(one.why != "", rx.el.small(one.why)),
                                class_name="stopped",
                            ),
                            to="/sources",
                        ),
                        key=one.account,
                    ),
                ),
                class_name="quotas",
            ),
            rx.el.p(w("no_halts"), class_name="nothing"),
        ),
    )


def times(found: rx.Var[list[Line]]) -> rx.Component:
    """Healing, schedulers and the courier."""
    return panel(
        "timekeeping",
        rx.el.dl(
            rx.foreach(
                found,
                lambda one: rx.el.div(rx.el.dt(one.label), rx.el.dd(one.value, class_name=f"v-{one.kind}")),
            ),
            class_name="times",
        ),
    )
