"""What Reflex is told. It is served by ``python -m app web`` (see app/cli/web.py), which chooses host and port."""

from datetime import timedelta

import reflex as rx
from reflex_base.environment import environment

from app.settings import get_settings
from app.web.bundle import TYPEFACE, HouseBundle, own_origins

# A connection that is silently cut is noticed, and said, within ten seconds; Reflex would take over two minutes.
environment.REFLEX_SOCKET_INTERVAL.set(timedelta(seconds=5))
environment.REFLEX_SOCKET_TIMEOUT.set(timedelta(seconds=5))

config = rx.Config(
    app_name="app",
    # The page and its socket share one port; the browser uses the origin it came from (see HouseBundle).
    cors_allowed_origins=own_origins(get_settings()),
    telemetry_enabled=False,
    show_built_with_reflex=False,
    # A tab's state lives in this process; what matters is in the database and is read again after a restart.
    state_manager_mode="memory",
    # Ten minutes after a tab's last word its few rows are forgotten; a tab that comes back reads them again.
    redis_token_expiration=600,
    react_strict_mode=False,
    frontend_packages=[TYPEFACE],
    plugins=[HouseBundle()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
