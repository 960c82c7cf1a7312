"""Signing in over the wire: what is given and told is said in `app.api.schemas.people`."""

from typing import Any

#: The headers of an answer that signs a browser in.
SIGNED_IN: dict[str, Any] = {
    "Set-Cookie": {
        "description": "`keybatch_session` (HttpOnly), and `keybatch_csrf`, which every change made with the session "
        "shows in the header X-CSRF-Token",
        "schema": {"type": "string"},
    }
}
