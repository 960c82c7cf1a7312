"""Webhooks and their deliveries as the settings show them. Pure; no secret comes here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.errors import Language
from app.services.outbox import EVENTS
from app.web import cells
from app.web.words import known, word


@dataclass
class HookLine:
    """A webhook. ``why``: why it is switched off."""

    id: int
    url: str
    description: str
    events: str
    active: bool
    label: str
    why: str
    since: str


@dataclass
class TryLine:
    """One try of a delivery."""

    at: str
    outcome: str
    took: str
    detail: str


@dataclass
class DeliveryLine:
    """A message; ``address`` leads to its batch, "" where it is about none."""

    id: str
    event: str
    batch: str
    address: str
    state: str
    label: str
    made: str
    due: str
    tried: str
    tries: list[TryLine] = field(default_factory=list)


@dataclass
class EventChoice:
    """Something to be told of; ``on`` at first."""

    name: str
    label: str
    on: bool


def choices(chosen: Sequence[str], language: Language) -> list[EventChoice]:
    """Everything that a webhook may be told."""
    return [EventChoice(event, _event(event, language), event in chosen) for event in EVENTS]


def events(form: Mapping[str, Any]) -> list[str]:
    """The events that a form has ticked."""
    return [event for event in EVENTS if form.get(f"event:{event}")]


def hook(said: Mapping[str, Any], now: int, language: Language) -> HookLine:
    """A webhook, of what the service says of it."""
    active, why = said["active"], said["why_off"]
    return HookLine(
        id=said["id"],
        url=said["url"],
        description=said["description"],
        events=", ".join(_event(one, language) for one in said["events"]),
        active=active,
        label=word("hook_on" if active else "hook_off", language),
        why=word(f"hook_off_{why}", language) if why and known(f"hook_off_{why}") else "",
        since=_when(said["created_at"], now, language),
    )


def delivery(said: Mapping[str, Any], now: int, language: Language) -> DeliveryLine:
    """A delivery, of what the service says of it."""
    batch, state = said["batch"], said["state"]
    waits = state == "pending" and said["due_at"]
    return DeliveryLine(
        id=said["id"],
        event=_event(said["event"], language),
        batch=f"#{batch}" if batch else "",
        address=f"/batches/{batch}" if batch else "",
        state=state,
        label=word(f"delivery_{state}", language),
        made=_when(said["created_at"], now, language),
        due=word("due_at", language, at=_when(said["due_at"], now, language)) if waits else "",
        tried=word("tried_times", language, count=said["attempts"]),
        tries=[_try(one, now, language) for one in reversed(said["tries"])],
    )


def _try(one: Mapping[str, Any], now: int, language: Language) -> TryLine:
    status = one.get("status")
    return TryLine(
        at=_when(one["at"], now, language),
        outcome=str(status) if status else word("try_no_answer", language),
        took=f"{cells.number(one['ms'])} ms",
        detail=str(one.get("detail") or ""),
    )


def _event(event: str, language: Language) -> str:
    key = "event_" + event.replace(".", "_")
    return word(key, language) if known(key) else event


def _when(instant: str | int | None, now: int, language: Language) -> str:
    if instant is None:
        return "–"
    ms = instant if isinstance(instant, int) else round(datetime.fromisoformat(instant).timestamp() * 1000)
    return cells.when(ms, now, language)
