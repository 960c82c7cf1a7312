"""Who is signed in, as the guard announces him to the pages: a header that only the guard sets, with nothing secret in
it, because the pages' framework keeps headers in a tab's state and may send them to the browser."""

import json

from app.errors import NotSignedIn
from app.services.callers import SCOPES, Caller

HEADER = "x-keybatch-person"


def written(who: Caller) -> str:
    """``who`` as the header's value, in ASCII."""
    scopes = [scope for scope in SCOPES if scope in who.scopes]
    said = {"person": who.person, "name": who.name, "workspace": who.workspace, "scopes": scopes}
    return json.dumps({**said, "session": who.session})


def read(value: str) -> Caller:
    """Who the header names. Raises NotSignedIn where there is none: then no guard let it in."""
    if not value:
        raise NotSignedIn
    said = json.loads(value)
    scopes, session = frozenset(said["scopes"]), said["session"]
    return Caller(said["workspace"], scopes, said["name"], person=said["person"], session=session)
