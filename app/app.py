"""ROOT of the web process: opens the house and hands it to both faces."""

from functools import partial

import reflex as rx
from reflex.app import default_error_boundary

from app.api.guard import Guard
from app.api.main import build_api
from app.api.requests import Requests
from app.services.feed import Feed
from app.services.followers import Followers
from app.services.house import open_house
from app.services.metrics import process
from app.settings import get_settings
from app.web import backend, door, door_issuer, pasted
from app.web.components.health import HealthState
from app.web.live import tabs
from app.web.pages import batch, batches, new, nowhere, ops, overview, settings, sources
from app.web.pages.batches import BatchesState
from app.web.pages.new import NewState
from app.web.pages.ops import OpsState
from app.web.pages.overview import OverviewState
from app.web.pages.settings import SettingsState
from app.web.pages.sources import SourcesState
from app.web.presets import Presets
from app.web.state import Ui, handle_exception

_TITLE = "Keybatch"
#: What every page begins with.
_ARRIVE = [Ui.arrive, HealthState.enter]
#: Of assets/, in this order.
_STYLES = (
    "keybatch",
    "frame",
    "batch",
    "results",
    "overview",
    "new",
    "lists",
    "settings",
)
_SCRIPTS = (
    "frame",
    "batch",
    "results",
    "keywords",
    "draft",
    "new_parts",
    "new",
    "lists",
    "settings",
)
_house = open_house(get_settings())
_feed = Feed(_house.redis, _house.db)
_followers = Followers(_house, _feed)
backend.attach(_house, _feed, _followers)
_api = build_api(_house, _followers)
_api.include_router(door.router)
_api.include_router(door_issuer.router)
_api.include_router(pasted.router)

app = rx.App(
    stylesheets=[f"/{name}.css" for name in _STYLES],
    head_components=[
        rx.el.script(src="/keybatch.js"),  # before the first paint
        *(rx.el.script(src=f"/{name}.js", defer=True) for name in _SCRIPTS),
        rx.el.meta(name="color-scheme", content="light dark"),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
    ],
    # Without Reflex's own overlay: the layout says by itself when the connection is gone.
    app_wraps={(55, "ErrorBoundary"): lambda _: default_error_boundary()},
    toaster=None,
    html_lang="ko",
    backend_exception_handler=handle_exception,
    api_transformer=[_api, Guard, partial(Requests, proxies=_house.settings.proxies)],
)
app.add_page(batches.view, route="/batches", title=_TITLE, on_load=[*_ARRIVE, BatchesState.enter])
app.add_page(overview.view, route="/", title=_TITLE, on_load=[*_ARRIVE, OverviewState.enter])
app.add_page(new.view, route="/new", title=_TITLE, on_load=[*_ARRIVE, NewState.enter, Presets.enter])
app.add_page(sources.view, route="/sources", title=_TITLE, on_load=[*_ARRIVE, SourcesState.enter])
app.add_page(ops.view, route="/ops", title=_TITLE, on_load=[*_ARRIVE, OpsState.enter])
app.add_page(
    batch.view,
    route="/batches/[batch_id]",
    title=_TITLE,
    on_load=[*_ARRIVE, *batch.ENTER],
)
app.add_page(settings.view, route="/settings", title=_TITLE, on_load=[*_ARRIVE, SettingsState.enter, *settings.ENTER])
app.add_page(nowhere.view, route="404", title=_TITLE, on_load=_ARRIVE)
app.register_lifespan_task(backend.open_for_business)


def _is_connected(tab: str) -> bool:
    sockets = app.event_namespace
    return sockets is not None and tab in sockets.token_to_sid


def _open_tabs() -> int:
    sockets = app.event_namespace
    return len(sockets.token_to_sid) if sockets is not None else 0


tabs.attach(_is_connected)
process.tell("open_tabs", _open_tabs)
process.tell("followers", lambda: _followers.count)
