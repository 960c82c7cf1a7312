"""The API's own page: its OpenAPI, to read and to try. All it loads is served from here."""

from importlib.resources import files
from typing import Final

from fastapi import APIRouter, HTTPException
from starlette.responses import HTMLResponse, Response

router = APIRouter(include_in_schema=False)
#: Swagger UI as `fastapi-swagger` carries it; of that package nothing else is used.
_SWAGGER = files("fastapi_swagger") / "resources"
_OWN = files("app.api") / "docs"
_ASSETS: Final = {
    "swagger-ui.css": (_SWAGGER, "text/css"),
    "swagger-ui-bundle.js": (_SWAGGER, "text/javascript"),
    "docs.css": (_OWN, "text/css"),
    "docs.js": (_OWN, "text/javascript"),
}
#: Nothing from elsewhere, no script in the page. Swagger UI sets styles of elements and shows its icons as data URLs.
_POLICY: Final = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip
_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Keybatch API</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<link rel="stylesheet" href="/api/docs/docs.css">
</head>
<body>
<div id="docs"><noscript>This page needs JavaScript. The same for programs: /api/openapi.json</noscript></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/docs.js"></script>
</body>
</html>
"""


@router.get("/api/docs")
def page() -> HTMLResponse:
    """The page. It is open: what it shows is no secret, and what it calls asks for a token."""
    return HTMLResponse(_PAGE, headers=_HEADERS)


@router.get("/api/docs/{name}")
def asset(name: str) -> Response:
    """What the page loads."""
    if name not in _ASSETS:
        raise HTTPException(404, f"There is nothing at /api/docs/{name[:80]}. See /api/docs.")
    folder, kind = _ASSETS[name]
    headers = {"cache-control": "max-age=3600", "x-content-type-options": "nosniff"}
    return Response((folder / name).read_bytes(), media_type=f"{kind}; charset=utf-8", headers=headers)
