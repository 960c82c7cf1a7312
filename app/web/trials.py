"""Trials by hand: one call with an account or a source, and how its outcome is told."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import SecretStr
from redis.exceptions import RedisError

from app.errors import KeybatchError, Language, RedisDown
from app.services import accounts, keeping
from app.services.callers import Caller
from app.services.house import House, require, where_redis
from app.sources import http
from app.sources.base import Account, Reading
from app.sources.registry import Source
from app.web import cells
from app.web.words import word
from workers.engine import trial
from workers.engine.trial import Trial

#: Parts of secrets shorter than this are found in any answer.
_TELLING = 6


@dataclass
class TrialShown:
    """What came out: ``kind`` is ok, missing or fail ("" = none was made), ``asked`` what was asked, ``answer`` the
    beginning of the raw answer."""

    kind: str = ""
    asked: str = ""
    text: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Told:
    """The outcome of something in both languages, so that whoever keeps it keeps no more than can be shown."""

    ko: TrialShown
    en: TrialShown

    def told(self, language: Language) -> TrialShown:
        return self.ko if language == "ko" else self.en


def refused(exc: KeybatchError) -> Told:
    """Something that was not done."""
    return Told(TrialShown("fail", text=exc.sentence("ko")), TrialShown("fail", text=exc.sentence("en")))


def of_account(house: House, by: Caller, key: str) -> Told:
    """Ask the upstream of an account one question, and write down how it went. Blocking. Raises KeybatchError."""
    require(house)
    accounts.refresh(house)
    account = accounts.charged(key)
    source = accounts.source_of(account)
    made = _made(house, source, account, "")
    keeping.checked(house, key, made.error.code if made.error else "", by=by)
    return _told(source, account, "", made)


def of_spec(house: House, upstream: http.Http, keyword: str) -> Told:
    """Ask a source that need not be kept. Blocking. Raises KeybatchError."""
    require(house)
    source, account = Source(upstream, upstream.spec.name), upstream.account()
    return _told(source, account, keyword, _made(house, source, account, keyword))


def _made(house: House, source: Source, account: Account, keyword: str) -> Trial:
    try:
        return asyncio.run(trial.attempt(house, source, account, keyword))
    except RedisError as exc:
        raise RedisDown(where=where_redis(house)) from exc


def _told(source: Source, account: Account, keyword: str, made: Trial) -> Told:
    asked = f"{source.name} · {keyword or source.upstream.control or trial.KEYWORD}"
    secrets = _secrets(source, account)
    return Told(shown(made, source, asked, secrets, "ko"), shown(made, source, asked, secrets, "en"))


def _secrets(source: Source, account: Account) -> tuple[str, ...]:
    of_settings = (value.get_secret_value() for _, value in account.settings if isinstance(value, SecretStr))
    headers = source.upstream.headers.values() if isinstance(source.upstream, http.Http) else ()
    return (*of_settings, *headers)


def redacted(text: str, secrets: Iterable[str]) -> str:
    """``text`` without the secrets that an upstream may repeat, nor the words they are made of."""
    words = {part for secret in secrets for part in (secret, *secret.split()) if len(part) >= _TELLING}
    if not words:
        return text
    return re.sub("|".join(re.escape(one) for one in sorted(words, key=len, reverse=True)), "…", text)


def shown(made: Trial, source: Source, asked: str, secrets: tuple[str, ...], language: Language) -> TrialShown:
    """A trial for a person, without ``secrets``."""
    answer = redacted(made.excerpt, secrets)
    if made.error is not None:
        detail = made.error.detail
        # What is shown below as the answer need not be said twice.
        short = made.excerpt.partition(":")[0] if made.excerpt and detail.startswith(made.excerpt) else detail[:300]
        return TrialShown(
            "fail", asked, cells.trouble_sentence(made.error.code, redacted(short, secrets), language), answer
        )
    reading = made.reading
    assert reading is not None  # it was no error
    ms = f" · {cells.number(made.latency_ms)} ms" if made.latency_ms else ""
    kind = "missing" if reading.state == "missing" else "ok"
    return TrialShown(kind, asked, _value(reading, source.about.decimals, language) + ms, answer)


def _value(reading: Reading, decimals: int, language: Language) -> str:
    if reading.value is not None:
        return cells.number(reading.value, decimals)
    if reading.upper is not None:
        return f"< {cells.number(reading.upper, decimals)}"
    return word(reading.state, language)
