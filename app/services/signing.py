"""Signatures of webhooks, as Standard Webhooks has them (github.com/standard-webhooks/webhooks, its spec): a receiver
checks them with any of its libraries."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
#: The spec asks for 24 to 64 random bytes.
_BYTES = 32


def new_secret() -> str:
    """A secret, as it is shown once."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signature(secret: str, message: str, at_s: int, body: bytes) -> str:
    """``v1,`` and the HMAC-SHA256 of id, time (UTC seconds) and body, under the bytes that the secret stands for."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join((message.encode(), str(at_s).encode(), body))
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def headers(keys: Sequence[str], message: str, at_s: int, body: bytes) -> dict[str, str]:
    """The headers of one try, signed with each of ``keys``: a receiver that knows one of them is content."""
    return {
        "webhook-id": message,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(signature(key, message, at_s, body) for key in keys),
    }
