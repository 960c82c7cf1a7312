"""``GET /keywordstool?hintKeywords=a,b&showDetail=1``, signed; the checks in this order, which is assumed:

licence, timestamp (within ``window_s``, assumed too), customer and signature of the path without its query (403) · rate
of the address and of the customer, and the penalty (429) · path (404) · hints: five at most, no whitespace and no
character that is not allowed (400) · without a hint 200 with an empty list.

After 20 refusals for the rate within a minute, an address or customer gets nothing but 429 for five minutes of the
wall clock. A customer that does not go with its licence gets code 1018, and an unknown path 1001; both are assumed.
"""

import base64
import hashlib
import hmac
import json
import re
from collections import defaultdict, deque
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from aiohttp import web

from tests.simulators.searchad.counts import MOST, expected_related, expected_volume, relkeyword
from tests.simulators.served import Served, lottery

CUSTOMER, LICENCE, SECRET = "1000001", "sim-licence", "sim-secret"
PATH = "/keywordstool"
HINTS = 5
#: Refusals for the rate within a minute that bring the penalty, and how long it lasts.
PATIENCE, MINUTE_MS, PENALTY_MS = 20, 60_000, 300_000
_ALLOWED = re.compile(r"""["#&.=+%?!;_@()~'\\/a-zA-Z0-9가-힣ㄱ-ㅎㅏ-ㅣぁ-ゖァ-ヺーㇰ-ㇿ々〇一-鿿]+""")
_INVALID = {
    "title": "Invalid Parameter",
    "status": "BAD_REQUEST",
    "detail": "There are invalid parameters",
    "type": "about:blank",
    "parameters": [],
    "instance": None,
}


class SearchAdSimulator(Served):
    """Naver's keyword tool. ``rate``: calls in any sliding second for a customer and for an address; ``customers``:
    id → (licence, secret); ``window_s``: how far a timestamp may be off."""

    name = "searchad"
    rate: int | None = 3
    window_s = 300.0
    customers: ClassVar[dict[str, tuple[str, str]]] = {CUSTOMER: (LICENCE, SECRET)}

    def reset(self) -> None:
        """Forget what happened so far, penalties included."""
        super().reset()
        self._refusals: defaultdict[str, deque[int]] = defaultdict(deque)
        self._penalties: dict[str, int] = {}

    def env(self) -> dict[str, str]:
        """The settings that point the product here."""
        prefix = "KEYBATCH_NAVER_SEARCHAD"
        return {
            f"{prefix}_BASE_URL": self.base_url,
            f"{prefix}_CUSTOMER_ID": CUSTOMER,
            f"{prefix}_API_KEY": LICENCE,
            f"{prefix}_SECRET_KEY": SECRET,
        }

    async def answer(self, request: web.Request) -> web.Response:
        """As the module says."""
        refusal = self._stranger(request) or self._hurry(request)
        if refusal:
            return refusal
        if request.path != PATH:
            words = "요청하신 자원(아이디, 엔티티)을 찾을 수 없습니다."
            return _json({"code": 1001, "message": words, "status": "NOT_FOUND"}, 404)
        try:
            query = dict(parse_qsl(request.rel_url.raw_query_string, keep_blank_values=True, errors="strict"))
        except UnicodeDecodeError:
            return _json(_INVALID, 400)
        asked = query.get("hintKeywords", "")
        if not asked:
            return _json({"keywordList": []})
        hints = asked.split(",")
        if len(hints) > HINTS or not all(_ALLOWED.fullmatch(hint) for hint in hints):
            return _json(_INVALID, 400)
        names = list(dict.fromkeys(relkeyword(hint) for hint in hints))
        rows = [_row(name) for name in _listed(names)]
        if query.get("showDetail") != "1":
            rows = [{name: row[name] for name in list(row)[:3]} for row in rows]
        return _json({"keywordList": rows})

    def throttled(self, request: web.Request) -> web.Response:
        """The body and headers that were seen."""
        answer = _json({"code": 429, "message": "Too Many Requests"}, 429)
        answer.headers["Cache-Control"] = "no-store, must-revalidate"
        answer.force_close()
        return answer

    def _stranger(self, request: web.Request) -> web.Response | None:
        """A 403 for who is not known, or too late, or has not signed."""
        given = request.headers.get("X-API-KEY", "")
        timestamp = request.headers.get("X-Timestamp", "")
        if given not in {licence for licence, _ in self.customers.values()}:
            return _problem("apikey", given, "Invalid API-KEY", f"API-KEY '{given}' is invalid.")
        on_time = timestamp.isdigit() and abs(self.now_ms() - int(timestamp)) <= self.window_s * 1000
        if not on_time:
            return _problem("timestamp", timestamp, "Invalid Timestamp", "Request has expired.")
        licence, secret = self.customers.get(request.headers.get("X-Customer", ""), ("", ""))
        if licence != given:
            return _json({"code": 1018, "message": "접근 권한이 없습니다.", "status": "FORBIDDEN"}, 403)
        signed = request.headers.get("X-Signature", "")
        message = f"{timestamp}.{request.method}.{request.path}".encode()
        right = base64.b64encode(hmac.digest(secret.encode(), message, hashlib.sha256)).decode()
        if signed != right:
            return _problem("signature", signed, "Invalid Signature", f"Signature '{signed}' is invalid.")
        return None

    def _hurry(self, request: web.Request) -> web.Response | None:
        """A 429 for an address or a customer that is too fast, or was too often."""
        now = self.now_ms()
        for who in (f"address {request.remote}", f"customer {request.headers['X-Customer']}"):
            if now < self._penalties.get(who, 0):
                return self.throttled(request)
            if not self.too_fast(who):
                continue
            refusals = self._refusals[who]
            refusals.append(now)
            while refusals[0] <= now - MINUTE_MS:
                refusals.popleft()
            if len(refusals) >= PATIENCE:
                self._penalties[who] = now + PENALTY_MS
            return self.throttled(request)
        return None


def _listed(names: list[str]) -> list[str]:
    """The keywords of an answer: the hints, and what is related to one of them, which is not always after them."""
    leading = max(names, key=lambda name: lottery("leads", name))
    related = [name for name in expected_related(leading) if name not in names]
    hints = [name for name in names if expected_volume(name).named]
    listed = [*hints, *related][:MOST]
    if lottery("order", leading) < 0.2 and len(listed) > len(hints):
        listed.insert(min(len(listed) - 1, 3), listed.pop(0))
    return listed


def _row(name: str) -> dict[str, Any]:
    volume = expected_volume(name)
    known = volume.mobile is not None
    return {
        "relKeyword": name,
        "monthlyPcQcCnt": "< 10" if volume.pc is None else volume.pc,
        "monthlyMobileQcCnt": "< 10" if volume.mobile is None else volume.mobile,
        "monthlyAvePcClkCnt": round((volume.pc or 0) * 0.006, 1),
        "monthlyAveMobileClkCnt": round((volume.mobile or 0) * 0.006, 1),
        "monthlyAvePcCtr": 0.6 if volume.pc else 0,
        "monthlyAveMobileCtr": 0.6 if volume.mobile else 0,
        "plAvgDepth": int(15 * lottery("depth", name)) if known else 0,
        "compIdx": volume.competition,
    }


def _problem(field: str, given: str, title: str, detail: str) -> web.Response:
    kind = f"urn:naver:api:problem:invalid-{field}"
    return _json({field: given, "status": 403, "type": kind, "title": title, "detail": detail}, 403)


def _json(body: object, status: int = 200) -> web.Response:
    said = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json;charset=UTF-8", "x-transaction-id": f"SIM{len(said):010d}"}
    return web.Response(status=status, body=said, headers=headers)
