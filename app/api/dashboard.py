"""rq-dashboard under /rq, for admins: its pages over what the house tells of its queues, its writes done in the house's
own way.

Its pages and scripts are its own. What they load, and what their buttons do, is answered by `app.api.queued`: bounded
(its own lists fetch every job before the page), within the workspace, and without keywords. Nothing changes by GET; the
guard has checked the proof of whatever else comes here. A view that a later rq-dashboard brings is closed until it is
named here.
"""

import re
from pathlib import Path
from typing import Final

import rq_dashboard
from flask import Flask, Response, request
from redis.exceptions import RedisError
from rq.exceptions import NoSuchJobError
from werkzeug.exceptions import HTTPException

from app.api.queued import VIEWS
from app.errors import KeybatchError
from app.log import get
from app.services.house import House

log = get(__name__)
_READS: Final = frozenset({"GET", "HEAD"})
#: Views that only show.
SHOWS: Final = frozenset(
    {"queues_overview", "workers_overview", "jobs_overview", "job_view", "static", "favicon"}
    | {"list_queues", "list_workers", "list_jobs", "job_info"}
)
#: Views that change something, by POST alone whatever their routes say.
CHANGES: Final = frozenset({"requeue_job_view", "requeue_all", "delete_job_view"})
#: Views that would change what only a batch's own page may.
CLOSED: Final = frozenset({"empty_queue", "compact_queue"})
#: What an address may name. The package writes some of it into its scripts as it comes.
_FITS: Final = {
    "instance_number": re.compile("0"),
    "queue_name": re.compile(r"[\w.-]{1,100}", re.ASCII),
    "job_id": re.compile(r"[\w.-]{1,300}", re.ASCII),
    "registry_name": re.compile("queued|deferred|scheduled|started|finished|failed|canceled"),
    "order": re.compile("asc|dsc"),
    "per_page": re.compile("[1-9][0-9]?|1[0-9][0-9]|200"),
    "page": re.compile("[1-9][0-9]{0,6}"),
    "filename": re.compile(r"[\w./-]+", re.ASCII),
}
_STAYS = (
    "Queues are not emptied or compacted here. Pause or cancel a batch on its own page; healing sees to the rest.\n"
)
_POST = "This changes something, so it is asked for by POST.\n"
_GONE = "There is nothing to show here (any more).\n"
_BROKE = "Something went wrong here. The log of the web process says what.\n"
_AWAY = "Redis does not answer. This page works again when it does.\n"


def build_dashboard(house: House) -> Flask:
    """The queue's own pages over the house's Redis; nothing is connected until it is used."""
    # Its pages ask for their icon at the application's own static folder. Templates here come before its own.
    static = str(Path(rq_dashboard.__file__).parent / "static")
    flask = Flask(__name__, static_folder=static, template_folder=str(Path(__file__).parent / "templates"))
    flask.config.update(
        KEYBATCH_HOUSE=house,
        RQ_DASHBOARD_REDIS_URL=("the Redis of this house",),  # its pages show it; the address is nobody's business
        RQ_DASHBOARD_DISABLE_DELETE=False,
        RQ_DASHBOARD_POLL_INTERVAL=2500,
    )
    # A way round would lead to http://, whatever the proxy in front speaks.
    flask.url_map.redirect_defaults, flask.url_map.strict_slashes = False, False
    flask.json.ensure_ascii = False  # type: ignore[attr-defined]  # of its usual provider
    flask.redis_conn = house.redis  # type: ignore[attr-defined]  # where the package looks for it
    flask.before_request(_allowed)
    flask.register_error_handler(RedisError, lambda _: _plain(_AWAY, 503))
    flask.register_error_handler(KeybatchError, _refused)
    flask.register_error_handler(Exception, _other)
    flask.register_blueprint(rq_dashboard.blueprint)
    # It would connect anew for each request, by the address that its pages show.
    flask.before_request_funcs.pop(rq_dashboard.blueprint.name, None)
    flask.view_functions |= {f"{rq_dashboard.blueprint.name}.{name}": view for name, view in VIEWS.items()}
    return flask


def _plain(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")


def _allowed() -> Response | None:
    """Let through what is known and fits; everything else is closed."""
    if request.routing_exception is not None:
        return None  # no such address, not by this method, or a way round: Flask says so
    view = (request.endpoint or "").rpartition(".")[2]
    if view not in SHOWS | CHANGES | CLOSED:
        return _plain(_GONE, 404)
    if any(
        not _FITS[name].fullmatch(str(value)) for name, value in (request.view_args or {}).items() if value is not None
    ):
        return _plain(_GONE, 404)
    if view in CLOSED:
        return _plain(_STAYS, 403)
    if (view in CHANGES) != (request.method == "POST") or request.method not in _READS | {"POST"}:
        return _plain(_POST if view in CHANGES else "Not allowed.\n", 405)
    return None


def _refused(error: KeybatchError) -> Response:
    return _plain(error.sentence("en") + "\n", error.http_status)


def _other(exc: Exception) -> Response:
    """A job that has gone or an instance that is not there is no error of this house."""
    if isinstance(exc, HTTPException) and exc.code:
        return _plain(_GONE if exc.code == 404 else f"{exc.name}.\n", exc.code)
    if isinstance(exc, NoSuchJobError | LookupError):
        return _plain(_GONE, 404)
    log.error("dashboard_broke", path=request.path, exc_info=exc)
    return _plain(_BROKE, 500)
