"""Tokens as the settings show them. Pure; no secret comes here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import Language
from app.services.tokens import TokenView
from app.web import cells
from app.web.words import word

_DAY_MS = 86_400_000
#: How long a token may last, in days; 0 = until it is revoked.
LASTS: tuple[int, ...] = (30, 90, 365, 0)


@dataclass
class TokenLine:
    """A token. ``state``: active, expired or revoked."""

    id: int
    name: str
    hint: str
    scopes: str
    whose: str
    made: str
    used: str
    ends: str
    state: str
    label: str
    live: bool


def lines(found: Sequence[TokenView], now: int, language: Language) -> list[TokenLine]:
    """All of them, those that open something first."""
    made = [_line(one, now, language) for one in found]
    return sorted(made, key=lambda one: not one.live)


def _line(one: TokenView, now: int, language: Language) -> TokenLine:
    over = one.expires_at is not None and one.expires_at <= now
    state = "revoked" if one.revoked_at is not None else "expired" if over else "active"
    return TokenLine(
        id=one.id,
        name=one.name,
        hint=f"{one.hint}…",
        scopes=", ".join(word(f"scope_{scope}", language) for scope in one.scopes),
        whose=one.person or word("token_nobody", language),
        made=cells.when(one.created_at, now, language),
        used=cells.when(one.used_at, now, language) if one.used_at is not None else word("never_used", language),
        ends=cells.when(one.expires_at, now, language) if one.expires_at is not None else word("lasts_0", language),
        state=state,
        label=word(f"token_{state}", language),
        live=state == "active",
    )


def expiry(form: Mapping[str, str], now: int) -> int | None:
    """When a token that the form describes ends, in UTC ms; None = never."""
    days = form.get("lasts", "")
    chosen = int(days) if days.isdecimal() and int(days) in LASTS else LASTS[0]
    return now + chosen * _DAY_MS if chosen else None
