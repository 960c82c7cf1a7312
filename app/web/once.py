"""Secrets that are shown once: they go straight to a dialog in the browser and are never part of a tab's state."""

import json

import reflex as rx
from reflex.event import EventSpec

#: The dialog's id; assets/settings.js fills it, and empties it when it is closed or left.
DIALOG = "once"


def shown(title: str, secret: str) -> EventSpec:
    """Show ``secret`` under ``title``; nobody can look it up again."""
    return rx.call_script(f"keybatchOnce({json.dumps(title)},{json.dumps(secret)})")
