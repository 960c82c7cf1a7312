"""A batch's events as the OpenAPI tells them."""

from typing import Any

_EXAMPLE = """retry: 1000

event: batch
data: {"id":1,"state":"running","seq":17}

event: readings
id: 17
data: [{"position":0,"keyword":"맥북","source":"naver.blog","status":"ok","value":12543,"data":{},\
"observed_at":"2026-11-21T03:04:05.678Z","from_cache":false,"attempts":1,"error":null,"seq":17}]

event: done
data: {"id":1,"state":"completed","seq":17}

"""
_EVENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "event": {"type": "string", "enum": ["readings", "batch", "gap", "done"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
        "id": {"type": "string", "pattern": "^[0-9]+$", "description": "the seq up to which everything was said"},
        "retry": {"type": "integer"},
    },
}
#: The answer of `GET /batches/{batch_id}/events`.
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-Sent Events (`text/event-stream`, UTF-8).",
        "content": {"text/event-stream": {"itemSchema": _EVENT, "example": _EXAMPLE}},
    }
}
