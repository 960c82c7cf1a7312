"""The HTTP face: built by a factory, because Reflex mounts itself inside it and a second use would find it changed."""

from a2wsgi import WSGIMiddleware
from fastapi import FastAPI

from app.api.dashboard import build_dashboard
from app.api.openapi import describe
from app.api.problems import add_problems
from app.api.requests import Routed
from app.api.routes import (
    activity,
    batches,
    copies,
    docs,
    events,
    exports,
    health,
    managing,
    metrics,
    older,
    people,
    results,
    session,
    sources,
    tokens,
    usage,
    webhooks,
    workers,
)
from app.services.followers import Followers
from app.services.house import House


def build_api(house: House, followers: Followers | None = None) -> FastAPI:
    """The API over ``house``, with the queue's own page under /rq. Without ``followers`` of a process that has a feed,
    followed batches are looked at once a second."""
    api = FastAPI(
        openapi_url="/api/openapi.json",
        docs_url=None,  # FastAPI's pages load their scripts from elsewhere
        redoc_url=None,
    )
    api.state.house = house
    api.state.followers = followers or Followers(house)
    api.state.looks = metrics.Looks()
    api.add_middleware(Routed)
    api.include_router(batches.router)
    api.include_router(copies.router)
    api.include_router(exports.router)
    api.include_router(events.router)
    api.include_router(webhooks.router)
    api.include_router(people.router)
    api.include_router(activity.router)
    api.include_router(managing.router)
    api.include_router(session.router)
    api.include_router(tokens.router)
    api.include_router(results.router)
    api.include_router(sources.router)
    api.include_router(usage.router)
    api.include_router(workers.router)
    api.include_router(older.router)
    api.include_router(health.router)
    api.include_router(metrics.router)
    api.include_router(docs.router)
    add_problems(api)
    describe(api)
    api.mount("/rq", WSGIMiddleware(build_dashboard(house)))  # type: ignore[arg-type]
    return api
