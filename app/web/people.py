"""People and their sessions as the settings show them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import Language
from app.services.people import ROLES, PersonView
from app.services.sessions import SessionView
from app.web import cells
from app.web.words import word


@dataclass
class PersonLine:
    """Somebody. ``own``: who looks; ``fixed``: whom he may not change."""

    name: str
    role: str
    label: str
    since: str
    own: bool
    fixed: bool


@dataclass
class SessionLine:
    """A browser that is signed in; ``this`` is the one that looks."""

    mark: str
    began: str
    seen: str
    ends: str
    this: bool
    peer: str = ""


@dataclass
class RoleChoice:
    """A role that may be given."""

    role: str
    label: str


def people(found: Sequence[PersonView], own: int | None, now: int, language: Language) -> list[PersonLine]:
    """Everybody of the workspace; ``own`` is the id of who looks."""
    is_owner = any(one.id == own and one.role == "owner" for one in found)
    return [
        PersonLine(
            name=one.name,
            role=one.role,
            label=word(f"role_{one.role}", language),
            since=cells.when(one.created_at, now, language),
            own=one.id == own,
            fixed=one.id == own or (one.role == "owner" and not is_owner),
        )
        for one in found
    ]


def roles(found: Sequence[PersonView], own: int | None, language: Language) -> list[RoleChoice]:
    """The roles that who looks may give: an owner makes owners."""
    is_owner = any(one.id == own and one.role == "owner" for one in found)
    return [RoleChoice(role, word(f"role_{role}", language)) for role in ROLES if role != "owner" or is_owner]


def sessions(found: Sequence[SessionView], mark: str, now: int, language: Language) -> list[SessionLine]:
    """A person's sessions; ``mark`` is that of who looks."""
    return [
        SessionLine(
            mark=one.mark,
            began=cells.when(one.created_at, now, language),
            seen=cells.when(one.seen_at, now, language),
            ends=cells.when(one.expires_at, now, language),
            this=one.mark == mark,
            peer=one.peer or "–",
        )
        for one in found
    ]
