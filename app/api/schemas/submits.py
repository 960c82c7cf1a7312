"""How a submit and a preview take their keywords, for the OpenAPI: one path, several kinds of body."""

from typing import Any

from app.api.given import JSON, MEDIA_TYPES, NDJSON, XLSX
from app.api.schemas.making import NewBatch, StreamOptions

_REF = {"$ref": "#/components/schemas/NewBatch"}
_EXAMPLES = {
    "text/plain": "맥북\n에어팟 프로\n우산\n",
    "text/csv": "keyword,category\r\n맥북,노트북\r\n우산,잡화\r\n",
    "text/tab-separated-values": "keyword\tcategory\n맥북\t노트북\n",
    NDJSON: '"맥북"\n{"keyword": "우산", "category": "잡화"}\n',
}


def _content(media_type: str) -> dict[str, Any]:
    if media_type == JSON:
        return {"schema": _REF}
    if media_type == XLSX:
        return {"schema": {"type": "string", "format": "binary"}}
    return {"schema": {"type": "string", "minLength": 1}, "example": _EXAMPLES[media_type]}


def _parameters() -> list[dict[str, Any]]:
    """The options as query parameters; a JSON body has them inside."""
    schema = StreamOptions.model_json_schema()
    found = []
    for name, part in schema["properties"].items():
        description = part.pop("description", "")
        about = {"name": name, "in": "query", "required": False, "schema": part}
        found.append(about | {"description": f"{description} (with a stream; a JSON body has it inside)".strip()})
    return found


_BODY = {"required": True, "content": {media_type: _content(media_type) for media_type in MEDIA_TYPES}}
KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "the same request with the same key gets the first answer again, for 24 hours",
}
SUBMIT: dict[str, Any] = {"requestBody": _BODY, "parameters": [*_parameters(), KEY]}
PREVIEW: dict[str, Any] = {"requestBody": _BODY, "parameters": _parameters()}
#: Models that only these bodies name, for the components of the OpenAPI.
MODELS = (NewBatch,)
