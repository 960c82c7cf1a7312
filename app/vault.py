"""Seals credentials for the database: AES-256-GCM, bound to what they belong to, under a key that can be changed.

A sealed text is ``v1.<key's name>.<nonce and ciphertext, base64>``. The key's name (the first bytes of its hash) tells
which of several keys opens it, so a new key can be put first while texts of the old one are still there.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import BadSetting, WrongKey

_KEY_BYTES, _NONCE_BYTES = 32, 12
_SETTING = "KEYBATCH_ENCRYPTION_KEY"


def new_key() -> str:
    """A key as the setting takes it: 32 random bytes, base64."""
    return base64.urlsafe_b64encode(os.urandom(_KEY_BYTES)).decode()


class Vault:
    """Seals with the first of its keys and opens with any."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {hashlib.sha256(key).hexdigest()[:8]: AESGCM(key) for key in keys}
        self._first = next(iter(self._keys), "")

    @classmethod
    def parse(cls, text: str) -> Self:
        """From keys separated by commas. Raises BadSetting."""
        keys = []
        for part in filter(None, (one.strip() for one in text.split(","))):
            try:
                key = base64.urlsafe_b64decode(part)
            except (binascii.Error, ValueError):
                key = b""
            if len(key) != _KEY_BYTES:
                why = "a key is 32 bytes in base64. Make one with: python -m app accounts new-key"
                raise BadSetting(name=_SETTING, why=why)
            keys.append(key)
        return cls(keys)

    def seal(self, plain: str, about: str) -> str:
        """``plain`` so that only this key opens it, and only as what belongs to ``about``. Raises BadSetting."""
        if not self._first:
            why = "credentials cannot be kept without it. Make one with: python -m app accounts new-key"
            raise BadSetting(name=_SETTING, why=why)
        nonce = os.urandom(_NONCE_BYTES)
        box = nonce + self._keys[self._first].encrypt(nonce, plain.encode(), about.encode())
        return f"v1.{self._first}.{base64.urlsafe_b64encode(box).decode()}"

    def open(self, sealed: str, about: str) -> str:
        """What was sealed for ``about``. Raises WrongKey."""
        _, _, rest = sealed.partition(".")
        name, _, text = rest.partition(".")
        try:
            box = base64.urlsafe_b64decode(text)
            return self._keys[name].decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], about.encode()).decode()
        except (KeyError, InvalidTag, ValueError):
            raise WrongKey(about=about) from None

    def knows(self, sealed: str) -> bool:
        """Whether it was sealed with one of the keys."""
        return sealed.split(".", 2)[1:2] in [[name] for name in self._keys]

    def newest(self, sealed: str) -> bool:
        """Whether it was sealed with the first key."""
        return sealed.startswith(f"v1.{self._first}.")
