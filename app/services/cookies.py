"""The two cookies of a signed-in browser: the session's secret, and the proof that our pages show with a change."""

from http.cookies import SimpleCookie

from app.services import sessions
from app.settings import Settings

#: The secret; no script may read it.
SESSION = "keybatch_session"
#: The proof, for the pages' scripts to send as X-CSRF-Token.
CSRF = "keybatch_csrf"


def signed_in(settings: Settings, secret: str) -> list[str]:
    """The `Set-Cookie` lines that sign a browser in. Settings: public_url."""
    seconds = sessions.LIVES_MS // 1000
    return [
        _line(settings, SESSION, secret, seconds, hidden=True),
        _line(settings, CSRF, sessions.proof(secret), seconds, hidden=False),
    ]


def signed_out(settings: Settings) -> list[str]:
    """The `Set-Cookie` lines that sign it out. Settings: public_url."""
    return [_line(settings, name, "", 0, hidden=name == SESSION) for name in (SESSION, CSRF)]


def _line(settings: Settings, name: str, value: str, seconds: int, *, hidden: bool) -> str:
    cookie: SimpleCookie = SimpleCookie({name: value})
    cookie[name].update({"path": "/", "max-age": str(seconds), "samesite": "Lax"})
    cookie[name]["httponly"] = hidden
    cookie[name]["secure"] = settings.public_url.startswith("https://")
    return cookie.output(header="").strip()
