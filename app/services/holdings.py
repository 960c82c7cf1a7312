"""What services give to the faces of accounts and of the sources that can be picked: plain values, ready to show. Times
are UTC milliseconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.sources.base import Column


@dataclass(frozen=True, slots=True)
class KeptView:
    """What may be told of an account kept in the database: the last characters of its secret, what is no secret of
    its settings, how its last trial ended ("" = well, otherwise a code of `app.errors`) and when."""

    hint: str
    given: Mapping[str, Any]
    checked: str
    checked_at: int | None


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as it stands. ``rate`` as ``10/s``, "" without one; ``rate_part`` what of it is in force now.
    ``reserved``: calls promised to running slices. ``left_*`` are None without a quota of that kind;
    ``renewed_at``: when today's quota comes back. ``reason`` (as a waiting batch states it) and ``until`` are set
    while the account is not asked, ``trouble`` and ``detail`` say why. ``missing`` names settings without which it
    cannot be asked; ``notice`` is what its holder should know in time (Korean, English); ``kept`` is set for one that
    is kept in the database."""

    key: str
    upstream: str
    rate: str
    rate_part: float
    spent_today: int
    reserved: int
    quota: int | None
    left_today: int | None
    reserve: int
    spent_month: int
    monthly: int | None
    left_month: int | None
    renewed_at: int | None
    reason: str = ""
    until: int | None = None
    trouble: str = ""
    detail: str = ""
    missing: tuple[str, ...] = ()
    notice: tuple[str, str] | None = None
    kept: KeptView | None = None


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A source that can be picked. ``ready`` is False when ``missing`` names settings that are not there. ``kind`` and
    ``columns`` as in `app.sources.base.Channel`; ``accounts`` are those it can be asked with, the usual one first."""

    name: str
    upstream: str
    upstream_ko: str
    upstream_en: str
    ko: str
    en: str
    note_ko: str
    note_en: str
    decimals: int
    offline: bool
    ready: bool
    missing: tuple[str, ...]
    rate: str
    quota: int | None
    left_today: int | None
    kind: str = "number"
    columns: tuple[Column, ...] = ()
    terms_ko: str = ""
    terms_en: str = ""
    accounts: tuple[str, ...] = ()
