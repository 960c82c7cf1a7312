"""An export over the wire: its headers and its kinds of content."""

from typing import Any

from app.services.exports import MEDIA_TYPES

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_HEADERS = {
    "ETag": {"description": "The same for the same bytes.", "schema": {"type": "string"}},
    "Keybatch-Seq": {"description": "The batch's seq at the moment it stands for.", "schema": {"type": "integer"}},
    "Keybatch-Rows": {"description": "Its rows, without a header.", "schema": {"type": "integer"}},
    "Content-Disposition": {
        "description": "A file name, with the batch's own (RFC 6266).",
        "schema": {"type": "string"},
    },
    "Accept-Ranges": {"description": "`bytes` for xlsx and parquet, else `none`.", "schema": {"type": "string"}},
}
_CONTENT = {media_type.partition(";")[0]: _BINARY for media_type in MEDIA_TYPES.values()}

#: What an export answers when all is well.
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "headers": _HEADERS, "content": _CONTENT},
    206: {"description": "The part of it that `Range` asks for.", "headers": _HEADERS, "content": _CONTENT},
    304: {"description": "It is as in `If-None-Match`.", "headers": {"ETag": _HEADERS["ETag"]}},
    416: {"description": "There is no such part of it.", "content": {"text/plain": {"schema": {"type": "string"}}}},
}
