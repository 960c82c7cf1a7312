"""rq-dashboard, read-only: it shows the queues and changes nothing."""

from pathlib import Path

import rq_dashboard
from flask import Flask, Response, request
from redis.exceptions import RedisError
from rq.exceptions import NoSuchJobError
from rq_dashboard.web import setup_rq_connection
from werkzeug.exceptions import HTTPException

from app.log import get

log = get(__name__)
_READS = frozenset({"GET", "HEAD"})
#: Views that change something although they answer to GET.
_CHANGES = frozenset({"requeue_all", "requeue_job_view", "delete_job_view", "empty_queue", "compact_queue"})
_READ_ONLY = "This view of the queue is read-only. Cancel a batch on its own page.\n"
_GONE = "There is nothing to show here (any more).\n"
_BROKE = "Something went wrong here. The log of the web process says what.\n"
_AWAY = "Redis does not answer. This page works again when it does.\n"


def build_dashboard(redis_url: str) -> Flask:
    """The queue's own pages over the house's Redis; nothing is connected until it is used."""
    # Its pages ask for their icon at the application's own static folder.
    flask = Flask(__name__, static_folder=str(Path(rq_dashboard.__file__).parent / "static"))
    flask.config.update(
        RQ_DASHBOARD_REDIS_URL=redis_url,
        RQ_DASHBOARD_DISABLE_DELETE=True,
        RQ_DASHBOARD_POLL_INTERVAL=2500,
        RQ_DASHBOARD_WEB_BACKGROUND="white",
    )
    setup_rq_connection(flask)
    flask.before_request(_only_look)
    flask.register_error_handler(RedisError, lambda _: _plain(_AWAY, 503))
    flask.register_error_handler(Exception, _other)
    flask.register_blueprint(rq_dashboard.blueprint)
    return flask


def _plain(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")


def _only_look() -> Response | None:
    view = (request.endpoint or "").rpartition(".")[2]
    return None if request.method in _READS and view not in _CHANGES else _plain(_READ_ONLY, 403)


def _other(exc: Exception) -> Response:
    """A job that has gone or an instance that is not there is no error of this house."""
    if isinstance(exc, HTTPException) and exc.code:
        return _plain(_GONE if exc.code == 404 else f"{exc.name}.\n", exc.code)
    if isinstance(exc, NoSuchJobError | LookupError):
        return _plain(_GONE, 404)
    log.error("dashboard_broke", path=request.path, exc_info=exc)
    return _plain(_BROKE, 500)
