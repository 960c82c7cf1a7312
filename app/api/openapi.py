"""The OpenAPI, told in one place where every route would have to say the same."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from app.api.schemas import submits
from app.api.schemas.problems import ProblemBody, described, problem_content
from app.services.inforce import version

_REF = "#/components/schemas/{model}"
_TITLE = "Keybatch"
_ABOUT = """Keyword research at batch scale: submit up to a million keywords, follow the readings as they come, take
them away.

**Who may.** Every call under `/api/v1` needs a token (`Authorization: Bearer kb_…`, made with
`python -m app token create --name N --scope read`) or the session of a signed-in browser; a browser's changes also need
the value of the cookie `keybatch_csrf` in the header `X-CSRF-Token`. Each call names the scope it takes: `read` looks,
`submit` makes and controls batches, `admin` manages tokens and webhooks. What belongs to another workspace is not
there.

**Errors** are `application/problem+json` with a stable `code`. **Times** are UTC. **Numbers** are only what an
upstream said: a reading without one has a `status` other than `ok` and the value `null`, never 0."""


def describe(api: FastAPI) -> None:
    """Let ``api`` tell its OpenAPI with what all its routes share. Call it after all routes."""

    def tell() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = _complete(
                get_openapi(title=_TITLE, version=version(), description=_ABOUT, routes=api.routes)
            )
        return api.openapi_schema

    api.openapi = tell  # type: ignore[method-assign]


def _complete(spec: dict[str, Any]) -> dict[str, Any]:
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    models = [(model, "validation") for model in (*submits.MODELS, ProblemBody)]
    _, told = models_json_schema(models, ref_template=_REF)  # type: ignore[arg-type]
    schemas.update(told["$defs"])
    schemas["Problem"] = schemas.pop("ProblemBody", schemas.get("Problem"))
    for path, operation in _operations(spec):
        _add_problems(path, operation)
        for parameter in operation.get("parameters", ()):
            _never_null(parameter["schema"])
        for content in operation["responses"].get("200", {}).get("content", {}).values():
            if "itemSchema" in content:
                content.pop("schema", None)  # what stands there is of the whole stream, which has no shape
    return spec


def _never_null(schema: dict[str, Any]) -> None:
    """A parameter may be left out, which the models say as null; but what is there is text and never null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema |= kinds[0]
        if schema.get("default", 0) is None:
            del schema["default"]


def _operations(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in spec["paths"].items():
        for operation in methods.values():
            yield path, operation


def _add_problems(path: str, operation: dict[str, Any]) -> None:
    """What any route may answer by the way it is asked."""
    if not path.startswith("/api/v1/"):
        return
    statuses = [503]
    if operation.get("security"):
        statuses += [401, 403, 429]
    if operation.get("parameters") or operation.get("requestBody"):
        statuses += [422]
    if operation.get("requestBody"):
        statuses += [400]
    responses = operation["responses"]
    for status in statuses:
        if str(status) not in responses or status == 422:
            responses[str(status)] = {"description": described(status), "content": problem_content()}
