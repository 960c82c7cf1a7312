"""Errors as problem+json (RFC 9457), with a stable ``code``; never a stack trace."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import Match

from app.errors import KeybatchError
from app.log import get, request_id

log = get(__name__)
_CODES = {400: "bad_body", 404: "not_found", 405: "method_not_allowed"}
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class Problem(JSONResponse):
    """One problem."""

    media_type = "application/problem+json"

    def __init__(
        self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        content = {
            "type": "about:blank",
            "title": code.replace("_", " "),
            "status": status,
            "code": code,
            "detail": detail,
        }
        if under_way := request_id():
            content["request_id"] = under_way
        super().__init__({**content, **more}, status_code=status, headers=headers)


def add_problems(api: FastAPI) -> None:
    """Answer every error of ``api`` as a problem, an unknown path under /api included. Call it after all routes."""
    api.add_exception_handler(KeybatchError, _ours)
    api.add_exception_handler(RequestValidationError, _unfit)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _unforeseen)
    api.add_api_route("/api/{rest:path}", _nothing_here, methods=_METHODS, include_in_schema=False)


def _ours(_request: Request, exc: Exception) -> Problem:
    assert isinstance(exc, KeybatchError)
    if exc.http_status >= 500:
        log.warning("request_failed", code=exc.code, error=str(exc))
    return Problem(exc.http_status, exc.code, exc.sentence("en"), exc.http_headers(), **exc.more())


def _unfit(_request: Request, exc: Exception) -> Problem:
    assert isinstance(exc, RequestValidationError)
    errors = [{"at": [str(part) for part in error["loc"]], "why": error["msg"]} for error in exc.errors()]
    first = errors[0]
    return Problem(422, "bad_request", f"{'.'.join(first['at'])}: {first['why']}", errors=errors)


def _http(_request: Request, exc: Exception) -> Problem:
    assert isinstance(exc, HTTPException)
    return Problem(exc.status_code, _CODES.get(exc.status_code, f"http_{exc.status_code}"), str(exc.detail))


def _unforeseen(request: Request, exc: Exception) -> Problem:
    log.error("request_broke", path=request.url.path, exc_info=exc)
    return Problem(500, "internal", "Something went wrong here. The log of the web process says what.")


def _nothing_here(request: Request, rest: str) -> None:
    # This route takes what no other takes in full, so it also has to tell a wrong method from a wrong path.
    if any(route.matches(request.scope)[0] is Match.PARTIAL for route in request.app.routes):
        raise HTTPException(405, f"{request.method} is not possible at /api/{rest}. See /api/openapi.json.")
    raise HTTPException(404, f"There is nothing at /api/{rest}. See /api/openapi.json for what there is.")
