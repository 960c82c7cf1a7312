"""Takes webhooks at any path by POST, checks their signatures, and remembers them.

204 for a message that is well signed, or where it knows no secret · 401 ``bad_signature`` · 405 for anything but POST ·
``status`` instead of 204, with ``body`` and ``headers``, where it is told to. A message that it took before is answered
as before and counted in ``repeated``.
"""

import base64
import hashlib
import hmac
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.simulators.served import Served

#: Seconds that a timestamp may be off, as the libraries of Standard Webhooks have it.
TOLERANCE_S = 300


@dataclass(frozen=True)
class Got:
    """One request: what its headers and its body said; ``signed``: the known secrets whose signature it carried."""

    path: str
    id: str
    at: int
    type: str
    data: Any
    body: bytes
    headers: dict[str, str]
    signed: tuple[str, ...]


class Receiver(Served):
    """``with Receiver(secrets=["whsec_…"]) as receiver:``; what came is in ``got``, what it took (2xx) in ``taken``."""

    name = "receiver"

    def __init__(self, **settings: Any) -> None:
        self.secrets: list[str] = []
        self.status, self.body = 204, ""
        self.headers: dict[str, str] = {}
        super().__init__(**settings)

    def reset(self) -> None:
        """Forget what came."""
        super().reset()
        self.got: list[Got] = []
        self.taken: list[Got] = []

    def env(self) -> dict[str, str]:
        """The setting that lets webhooks reach it."""
        return {"KEYBATCH_WEBHOOKS_ALLOW": "127.0.0.1"}

    def stats(self) -> dict[str, Any]:
        """What came, by type, beside the usual."""
        ids = Counter(one.id for one in self.taken)
        types = Counter(one.type for one in self.taken)
        return {**super().stats(), "types": dict(types), "repeated": sum(ids.values()) - len(ids)}

    def throttled(self, request: web.Request) -> web.Response:
        """429 that says when to come again."""
        return web.Response(status=429, headers={"Retry-After": "7"}, text="slowly")

    async def answer(self, request: web.Request) -> web.Response:
        """Method, signature, and then what it was told to say."""
        if request.method != "POST":
            return web.Response(status=405)
        body = await request.read()
        got = _read(request, body, self.secrets)
        self.got.append(got)
        if self.secrets and (not got.signed or abs(self.now_ms() / 1000 - got.at) > TOLERANCE_S):
            return web.json_response({"error": "bad_signature"}, status=401)
        if 200 <= self.status < 300:
            self.taken.append(got)
        return web.Response(status=self.status, text=self.body or None, headers=self.headers)


def _read(request: web.Request, body: bytes, secrets: list[str]) -> Got:
    message = request.headers.get("webhook-id", "")
    at = request.headers.get("webhook-timestamp", "0")
    said = json.loads(body)
    given = request.headers.get("webhook-signature", "").split(" ")
    signed = tuple(
        secret
        for secret in secrets
        if any(hmac.compare_digest(one, _expected(secret, message, at, body)) for one in given)
    )
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Got(request.path, message, int(at), said["type"], said["data"], body, headers, signed)


def _expected(secret: str, message: str, at: str, body: bytes) -> str:
    key = base64.b64decode(secret.split("_", 1)[1])
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in (message.encode(), b".", at.encode(), b".", body):
        mac.update(part)
    return "v1," + base64.b64encode(mac.digest()).decode()
