"""What a batch's page says before the table: progress, figures, sources, and what was not taken."""

import reflex as rx

from app.services.intake import REASONS
from app.web.components.basics import bar, chip, empty, icon
from app.web.figures import Fact
from app.web.receipt import Receipt, RejectionShown
from app.web.shown import Head, Part, SourceShown
from app.web.state import w


def progress(head: rx.Var[Head], parts: rx.Var[list[Part]], elapsed: rx.Var[str]) -> rx.Component:
    """The batch's bar with its legend; the thin line under it is the share that earlier readings answered."""
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.b(head.done, class_name="big"),
                rx.el.span(f" / {head.total} ", w("lookups_count"), class_name="mut"),
                rx.el.span(head.percent, class_name="dim percent"),
                rx.el.span(elapsed, class_name="dim elapsed"),
                rx.cond(head.ended, rx.fragment(), _notify()),
                class_name="done-row",
            ),
            rx.el.ul(
                rx.foreach(parts, _legend),
                rx.cond(
                    head.cached != "",
                    rx.el.li(
                        rx.el.i(class_name="k-cached", custom_attrs={"aria-hidden": "true"}),
                        rx.el.span(w("of_these_cached"), " ", head.cached),
                        class_name="c-cached",
                    ),
                ),
                class_name="legend",
            ),
            class_name="legend-row",
        ),
        bar(parts, head.percent, w("progress")),
        rx.cond(
            head.cached != "",
            rx.el.div(
                rx.el.i(class_name="k-cached", style={"width": head.cached_width}),
                class_name="cached-line",
                custom_attrs={"aria-hidden": "true"},
            ),
        ),
        rx.el.span(head.spoken, class_name="sr", custom_attrs={"aria-live": "polite"}),
        class_name="progress",
    )


def _notify() -> rx.Component:
    """Asks the browser whether it may say so when the batch ends; the browser's own script does the rest."""
    return rx.el.button(icon("bell", 13), w("notify_me"), id="notify-me", type="button", class_name="notify")


def _legend(part: rx.Var[Part]) -> rx.Component:
    return rx.el.li(
        rx.el.i(class_name=f"k-{part.kind}", custom_attrs={"aria-hidden": "true"}),
        rx.el.span(part.label, " ", part.count),
        key=part.kind,
    )


def facts(found: rx.Var[list[Fact]]) -> rx.Component:
    """Speed, end, what is left, time."""
    return rx.el.dl(
        rx.foreach(
            found,
            lambda fact: rx.el.div(
                rx.el.dt(fact.label),
                rx.el.dd(rx.el.b(fact.value), rx.el.span(fact.note)),
                class_name="fact",
                key=fact.label,
            ),
        ),
        class_name="facts",
    )


def sources(found: rx.Var[list[SourceShown]]) -> rx.Component:
    """One line a source."""
    return rx.el.ul(rx.foreach(found, _source), class_name="per-source")


def _source(source: rx.Var[SourceShown]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(source.title),
            rx.cond(source.account != "", rx.el.small(source.account)),
            class_name="ps-title",
            title=source.name,
        ),
        rx.el.div(bar(source.parts, source.percent, source.title), class_name="ps-bar"),
        rx.el.span(source.done, rx.el.span(f" / {source.total}", class_name="dim"), class_name="num ps-count"),
        rx.el.span(source.rate, class_name="num ps-rate dim"),
        rx.el.span(chip(source.state, source.label), class_name="ps-state"),
        rx.cond(
            source.trouble != "",
            rx.el.p(icon("triangle-alert", 14), rx.el.span(source.trouble), class_name="ps-trouble"),
        ),
        key=source.name,
    )


def taken(head: rx.Var[Head]) -> rx.Component:
    """What was accepted, merged and rejected; with the first rejected lines while this tab remembers them."""
    mine = Receipt.batch == head.id
    return rx.cond(
        (head.merged != "") | (head.rejected != "") | (mine & (Receipt.repaired > 0)),
        rx.el.div(
            rx.el.div(
                _count("ok", "check", "accepted", head.accepted),
                rx.cond(head.merged != "", _count("", "merge", "merged", head.merged)),
                rx.cond(mine & (Receipt.repaired > 0), _count("below", "wand-sparkles", "repaired", Receipt.repaired)),
                rx.cond(head.rejected != "", _count("failed", "x", "rejected", head.rejected)),
                class_name="counts",
            ),
            rx.cond(
                mine & (Receipt.rejections.length() > 0),
                rx.el.details(
                    rx.el.summary(w("rejected_lines")),
                    rejected_table(Receipt.rejections),
                    rx.cond(Receipt.more > 0, rx.el.p(f"+ {Receipt.more}", class_name="dim")),
                    open=True,
                ),
            ),
            class_name="taken",
        ),
    )


def _count(kind: str, drawn: str, key: str, count: rx.Var[str] | rx.Var[int]) -> rx.Component:
    return rx.el.span(icon(drawn, 13), rx.el.span(w(key), " ", count), class_name=f"chip f-{kind}")


def rejected_table(found: rx.Var[list[RejectionShown]]) -> rx.Component:
    """Lines that were not taken, with their numbers and reasons."""
    return rx.el.table(rx.el.tbody(rx.foreach(found, _rejection)), class_name="rejected")


def _rejection(one: rx.Var[RejectionShown]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(one.line, class_name="num dim"),
        rx.el.td(one.excerpt, class_name="excerpt"),
        rx.el.td(
            rx.match(
                one.reason,
                *((reason, w(reason)) for reason in REASONS),
                one.reason,
            ),
            class_name="mut",
        ),
        key=one.line,
    )


def gone(head: rx.Var[Head]) -> rx.Component:
    """What stands where readings were that are not kept any more."""
    return rx.el.div(empty("archive-x", w("gone_title"), head.gone), class_name="panel gone")
