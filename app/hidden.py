"""Keeps secrets out of whatever is written for people: log lines, tracebacks, what is sent when help is needed.

By name (a field called ``api_key``), by shape (a token of ours, the password of an address, a header that lets somebody
in, a cookie), and by value: what a process knows to be secret it tells with `remember`.
"""

import base64
import re
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote, quote_plus, unquote, urlsplit

from pydantic import SecretStr
from pydantic_settings import BaseSettings

MASK: Final = "********"
#: What a field is called that is shown to nobody.
_NAMES: Final = re.compile(
    r"secret|passw(or)?d|token|authori[sz]ation|api_?key|apikey|encryption_key|cookie|csrf", re.I
)
_SHAPES: Final = (
    (re.compile(r"\bkb_[\w-]{8,}"), f"kb_{MASK}"),
    (re.compile(r"\bwhsec_[\w+/=-]{8,}"), f"whsec_{MASK}"),
    (re.compile(r"(://[^\s:/@'\"]*):[^\s'\"/]+@"), rf"\1:{MASK}@"),
    (re.compile(r"\b(bearer|basic|kakaoak)\s+[\w.~+/=-]{6,}", re.I), rf"\1 {MASK}"),
    (re.compile(r"(keybatch_(?:session|csrf)['\"]?\s*[=:]\s*['\"]?)[^\s;,'\"]+"), rf"\1{MASK}"),
    (
        re.compile(
            r"((?:x-naver-client-secret|x-ncp-apigw-api-key|x-api-key|x-signature|x-csrf-token|authorization|set-cookie"
            r"|cookie)b?['\"]?\s*[:=,]\s*b?['\"]?)[^\s'\"}]+",
            re.I,
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"([?&][\w-]*(?:secret|token|password|api_?key|access_key)[\w-]*=)[^&\s'\"]+", re.I), rf"\1{MASK}"),
)
#: Shorter ones are parts of ordinary words.
_SHORTEST: Final = 6
_lock = threading.Lock()
_known: set[str] = set()
_pattern: list[re.Pattern[str]] = []


def remember(secrets: Iterable[str]) -> None:
    """Let nothing be written that holds one of ``secrets``, as it is, in base64 or as part of an address."""
    new = {form for secret in secrets if len(secret) >= _SHORTEST for form in forms(secret)}
    with _lock:
        if new <= _known:
            return
        _known.update(new)
        longest_first = sorted(_known, key=len, reverse=True)
        _pattern[:] = [re.compile("|".join(re.escape(form) for form in longest_first))]


def of_settings(settings: BaseSettings) -> list[str]:
    """What must not be written of settings: secrets, each one of several, and the passwords of addresses."""
    values = [getattr(settings, name) for name in type(settings).model_fields]
    found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    found += [part.strip() for secret in found for part in secret.split(",")]
    for value in values:
        if isinstance(value, str) and "://" in value and "@" in value:
            with suppress(ValueError):
                password = urlsplit(value).password or ""
                found += [password, unquote(password)]
    return [secret for secret in found if secret]


def forms(secret: str) -> set[str]:
    """A secret as it may be written: plain, in base64 (both alphabets, without the padding), for addresses, in JSON."""
    raw = secret.encode()
    coded = {encode(raw).decode().rstrip("=") for encode in (base64.b64encode, base64.urlsafe_b64encode)}
    return {secret, quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1], *coded}


def text(said: str) -> str:
    """``said`` without secrets."""
    for pattern in _pattern:
        said = pattern.sub(MASK, said)
    for pattern, shown in _SHAPES:
        said = pattern.sub(shown, said)
    return said


def values(said: Any) -> Any:
    """What is written as JSON, without secrets."""
    if isinstance(said, str):
        return text(said)
    if isinstance(said, Mapping):
        return {name: MASK if is_secret(name) and value else values(value) for name, value in said.items()}
    if isinstance(said, list | tuple | set | frozenset):
        return [values(one) for one in said]
    return said if said is None or isinstance(said, bool | int | float) else text(str(said))


def is_secret(name: object) -> bool:
    """Whether a field of this name is shown to nobody."""
    return _NAMES.search(str(name)) is not None
