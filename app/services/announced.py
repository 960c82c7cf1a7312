"""Who is signed in, as the guard announces him to the pages: a header that only the guard sets, with nothing secret in
it (his address is his own), because the pages' framework keeps headers in a tab's state and may send them to his
browser."""

import json

from app.errors import NotSignedIn
from app.services.callers import SCOPES, Caller

HEADER = "x-keybatch-person"


def written(who: Caller) -> str:
    """``who`` as the header's value, in ASCII."""
    scopes = [scope for scope in SCOPES if scope in who.scopes]
    said = {"person": who.person, "name": who.name, "workspace": who.workspace, "scopes": scopes}
    return json.dumps({**said, "session": who.session, "peer": who.peer})


def read(value: str) -> Caller:
    """Who the header names. Raises NotSignedIn where there is none: then no guard let it in."""
    if not value:
        raise NotSignedIn
    said = json.loads(value)
    scopes, session, peer = frozenset(said["scopes"]), said["session"], said["peer"]
    return Caller(said["workspace"], scopes, said["name"], person=said["person"], session=session, peer=peer)
