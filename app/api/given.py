"""What a submit or a preview comes with: options and keywords, as one JSON value, or as a stream of lines with the
options in the query."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from itertools import islice
from typing import Any, TypeVar

import orjson
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from app.api.bodies import CHUNK, Body
from app.api.schemas.making import NewBatch, Options, StreamOptions
from app.errors import BadBody, BadValue, WrongMediaType
from app.services import ndjson, sheets, texts
from app.services.answers import Once
from app.services.callers import Caller
from app.services.intake import Treatment
from app.services.sheets import Line

JSON = "application/json"
NDJSON = "application/x-ndjson"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: How each kind of text parts its columns, where the query does not say; None is found out.
_DELIMITERS: dict[str, str | None] = {"text/plain": "", "text/csv": None, "text/tab-separated-values": "\t", XLSX: None}
MEDIA_TYPES = (JSON, *_DELIMITERS, NDJSON)
_ENCODINGS = {"euc-kr": "cp949", "ks_c_5601-1987": "cp949", "utf8": "utf-8", "utf-16": "utf-16-le"}
_NAMED_DELIMITERS = {"tab": "\t", "none": ""}
Model = TypeVar("Model", bound=BaseModel)
_LISTS = ("sources", "tags", "accounts", "normalise", "fix")


@dataclass(frozen=True, slots=True)
class Given:
    """Options and keywords of a request, checked; ``columns``: what stands beside the keywords."""

    options: Options
    notes: dict[str, Any]
    columns: Sequence[str]
    lines: Iterator[str | Line]

    @property
    def treatment(self) -> Treatment:
        """How the keywords are made plain. Raises BadValue."""
        return Treatment.of(self.options.normalise, self.options.fix, merge_spacing=self.options.merge_spacing)

    @property
    def pay_with(self) -> dict[str, str]:
        """Upstream → account. Raises BadValue."""
        return pay_with(self.options.accounts)


def pay_with(accounts: Sequence[str]) -> dict[str, str]:
    """Upstream → account. Raises BadValue."""
    for one in accounts:
        if not all(one.partition("/")):
            raise BadValue(name="accounts", value=one, why="Write upstream/name, as naver/second.")
    return {one.partition("/")[0]: one for one in accounts}


@contextmanager
def read(request: Request, body: Body) -> Iterator[Given]:
    """What ``request`` gives, its lines as they are asked for. Raises WrongMediaType, BadBody, BadValue, and what
    `app.services.sheets` raises; RequestValidationError."""
    kind = Message()
    kind["content-type"] = request.headers.get("content-type", "")
    media_type = kind.get_content_type() if kind["content-type"] else ""
    if media_type == JSON:
        new = _checked(NewBatch, _parsed(body.whole()), "body")
        yield Given(new, new.metadata, (), iter(new.keywords))
        return
    if media_type not in MEDIA_TYPES:
        raise WrongMediaType(given=media_type[:80], known=", ".join(MEDIA_TYPES))
    options = _checked(StreamOptions, _query(request), "query")
    notes = _parsed(options.metadata.encode()) if options.metadata else {}
    if not isinstance(notes, dict):
        raise BadValue(name="metadata", value=options.metadata[:60], why="Give a JSON object.")
    if media_type == NDJSON:
        columns, lines = ndjson.opened(body.chunks())
        yield Given(options, notes, columns, lines)
        return
    layout = _layout(body, options, media_type, str(kind.get_content_charset("")))
    others = [name for n, name in enumerate(layout.columns) if n != layout.keyword_column]
    yield Given(options, notes, others, sheets.read(body.chunks(), layout))


def once(request: Request, digest: str, who: Caller) -> Once | None:
    """The caller's Idempotency-Key with all that it came with, its body by ``digest``; None without one. Raises
    BadValue."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= 255 or not all("!" <= letter <= "~" for letter in key):
        why = "Give 1 to 255 ASCII characters without blanks, as a UUID."
        raise BadValue(name="Idempotency-Key", value=key[:60], why=why)
    parts = (request.method, request.url.path, request.url.query, request.headers.get("content-type", ""), digest)
    return Once(who.workspace, key, hashlib.sha256("\n".join(parts).encode()).hexdigest())


def milliseconds(at: datetime | None) -> int | None:
    """An instant as it is stored (UTC)."""
    return None if at is None else round(at.timestamp() * 1000)


def _layout(body: Body, options: StreamOptions, media_type: str, charset: str) -> sheets.Layout:
    chunks = body.chunks()
    head = b"".join(islice(chunks, texts.HEAD // CHUNK))
    delimiter = _DELIMITERS[media_type]
    if options.delimiter:
        delimiter = _NAMED_DELIMITERS.get(options.delimiter, options.delimiter)
    how = {
        "encoding": options.encoding or _ENCODINGS.get(charset, charset if charset in texts.ENCODINGS else ""),
        "header": options.header if media_type != "text/plain" or delimiter else False,
        "sheet": options.sheet,
    }
    found = sheets.detect(head, chunks, delimiter=delimiter, **how)
    if media_type == "text/csv" and found.delimiter == "":
        found = sheets.detect(head, delimiter=",", **how)  # one column, or too few rows to tell
    return sheets.with_column(found, options.column)


def _parsed(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as exc:
        raise BadBody(why=f"It is no JSON: {exc}.") from None


def _query(request: Request) -> dict[str, Any]:
    given = request.query_params
    return {name: given.getlist(name) if name in _LISTS else given[name] for name in given}


def _checked(model: type[Model], value: Any, where: str) -> Model:
    """``value`` as ``model``. Raises RequestValidationError, which says where in the request it does not fit."""
    try:
        return model.model_validate(value)
    except ValidationError as exc:
        errors = [{**error, "loc": (where, *error["loc"])} for error in exc.errors(include_url=False)]
        raise RequestValidationError(errors) from None
