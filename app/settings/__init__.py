"""Every setting of the house, described once and validated at start: the house's own, and those of upstreams."""

from app.settings.base import PREFIX, HeaderSecret, HeaderText, HouseSettings
from app.settings.house import Settings, get_settings
from app.settings.place import is_loopback
from app.settings.upstream import UpstreamSettings

__all__ = [
    "PREFIX",
    "HeaderSecret",
    "HeaderText",
    "HouseSettings",
    "Settings",
    "UpstreamSettings",
    "get_settings",
    "is_loopback",
]
