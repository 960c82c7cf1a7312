"""``/_sim/…``: what tests look at and turn; never counted as calls."""

import json

from tests.simulators.naver.platform import Answer, Call, Naver


def answer(naver: Naver, call: Call) -> Answer:
    """GET stats or config, POST reset, POST config with the settings to change."""
    what = call.method, call.target.partition("?")[0]
    if what == ("GET", "/_sim/stats"):
        return _json(naver.ledger.stats())
    if what == ("GET", "/_sim/config"):
        return _json(naver.config.as_json())
    if what == ("POST", "/_sim/reset"):
        naver.reset()
        return _json({"reset": True})
    if what == ("POST", "/_sim/config"):
        try:
            naver.configure(naver.config.changed(json.loads(call.body)))
        except (ValueError, TypeError, AttributeError) as exc:
            return _json({"error": str(exc)}, 400)
        return _json(naver.config.as_json())
    return _json({"error": "GET /_sim/stats, GET or POST /_sim/config, POST /_sim/reset"}, 404)


def _json(body: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"), hub=True)
