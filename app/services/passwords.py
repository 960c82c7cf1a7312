"""Passwords: hashed with argon2id, compared, and made up where somebody is to begin with one."""

import secrets
import threading
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import WeakPassword

#: Characters of a password; the upper end only keeps hashing cheap.
LEAST, MOST = 10, 1_000
#: argon2id, as RFC 9106 recommends where memory is scarce: 64 MiB, three passes.
_hasher = PasswordHasher()
#: Hashing takes 64 MiB and a tenth of a second of several cores each: not more at once than two.
_turns = threading.BoundedSemaphore(2)
#: No letter that is taken for another one when it is read out or copied by hand.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new() -> str:
    """One that nobody guesses: four groups of five letters."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def hashed(password: str) -> str:
    """What is stored of a password that is chosen now. Raises WeakPassword."""
    if not LEAST <= len(password) <= MOST:
        raise WeakPassword(least=LEAST, most=MOST)
    return hashed_anyway(password)


def hashed_anyway(password: str) -> str:
    """What is stored of it, however short it is."""
    with _turns:
        return _hasher.hash(_bytes(password))


def is_old(stored: str) -> bool:
    """Whether it was hashed more cheaply than is done now."""
    return _hasher.check_needs_rehash(stored)


def matches(stored: str, password: str) -> bool:
    """Whether this is the password that ``stored`` was made of."""
    if len(password) > MOST:
        return False
    try:
        with _turns:
            return _hasher.verify(stored, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def nobodys() -> str:
    """A hash that no password has, to be compared where there is no person."""
    return hashed_anyway("nobody at all")


def _bytes(password: str) -> bytes:
    """The same whether a keyboard sent letters composed or in parts."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
