"""The HTTP face: built by a factory, because Reflex mounts itself inside it and a second use would find it changed."""

from a2wsgi import WSGIMiddleware
from fastapi import FastAPI

from app.api.dashboard import build_dashboard
from app.api.problems import add_problems
from app.api.routes import batches, health
from app.services.house import House


def build_api(house: House) -> FastAPI:
    """The API over ``house``, with the queue's own page under /rq."""
    api = FastAPI(
        title="Keybatch",
        openapi_url="/api/openapi.json",
        docs_url=None,  # FastAPI's pages load their scripts from elsewhere
        redoc_url=None,
    )
    api.state.house = house
    api.include_router(health.router)
    api.include_router(batches.router)
    add_problems(api)
    api.mount("/rq", WSGIMiddleware(build_dashboard(house.settings.redis)))  # type: ignore[arg-type]
    return api
