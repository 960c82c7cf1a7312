"""People over HTTP: add, change, remove, their sessions; and one's own sessions and password."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import Response

from app import clock
from app.api.deps import Admin, Reader, TheHouse
from app.api.schemas import people as schemas
from app.api.schemas.problems import PROBLEMS
from app.errors import NotSignedIn
from app.services import passwords, people, sessions
from app.services.callers import Caller
from app.services.house import House
from app.services.people import PersonView

router = APIRouter(prefix="/api/v1", tags=["people"])
_Id = Annotated[int, Path(ge=1, le=2**63 - 1, description="the person's id", examples=[1])]
_Mark = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="of the session", examples=["0123456789abcdef"])]


@router.get("/people", response_model=schemas.People, summary="The people of the workspace")
def listing(house: TheHouse, who: Admin) -> dict[str, Any]:
    """By name."""
    return {"people": [_wire(one) for one in people.listing(house, who.workspace)]}


@router.post(
    "/people",
    status_code=201,
    response_model=schemas.MadePerson,
    responses=PROBLEMS(400, 403, 409, 422),
    summary="Add a person",
)
def add(house: TheHouse, who: Admin, new: schemas.NewPerson) -> dict[str, Any]:
    """To the caller's workspace. A token makes no owner."""
    password = new.password or passwords.new()
    made = people.add(house, new.name, password, new.role, by=who)
    return _wire(made) | {"password": None if new.password else password}


@router.patch(
    "/people/{person_id}",
    response_model=schemas.Person,
    responses=PROBLEMS(400, 403, 404, 409, 422),
    summary="Change a person",
)
def change(house: TheHouse, who: Admin, person_id: _Id, given: schemas.PersonChange) -> dict[str, Any]:
    """Another role, at once, also for open pages and tokens; another password, which signs out everywhere."""
    found = people.one(house, person_id, by=who)
    if given.role is not None:
        people.change_role(house, found.name, given.role, by=who)
    if given.password is not None:
        people.change_password(house, found.name, given.password, by=who)
    return _wire(people.one(house, person_id, by=who))


@router.delete(
    "/people/{person_id}", status_code=204, responses=PROBLEMS(403, 404, 409, 422), summary="Remove a person"
)
def remove(house: TheHouse, who: Admin, person_id: _Id) -> None:
    """With sessions and tokens; the batches stay. The last owner stays too."""
    people.remove(house, people.one(house, person_id, by=who).name, by=who)


@router.get(
    "/people/{person_id}/sessions",
    response_model=schemas.Sessions,
    responses=PROBLEMS(403, 404, 422),
    summary="Where a person is signed in",
)
def open_sessions(house: TheHouse, who: Admin, person_id: _Id) -> dict[str, Any]:
    """The last used first."""
    return _sessions(house, people.one(house, person_id, by=who).name, who)


@router.delete(
    "/people/{person_id}/sessions/{mark}",
    status_code=204,
    responses=PROBLEMS(403, 404, 422),
    summary="Sign a person out of one browser",
)
def end(house: TheHouse, who: Admin, person_id: _Id, mark: _Mark) -> None:
    """One that is gone already changes nothing."""
    sessions.end_marked(house, people.one(house, person_id, by=who).name, mark, by=who)


@router.get("/me/sessions", response_model=schemas.Sessions, summary="Where one is signed in")
def own_sessions(house: TheHouse, who: Reader) -> dict[str, Any]:
    """One's own, the last used first. A token has none."""
    return _sessions(house, _person(who).name, who)


@router.put("/me/password", status_code=204, responses=PROBLEMS(400, 422), summary="Another password of one's own")
def own_password(house: TheHouse, who: Reader, given: schemas.OwnPassword) -> Response:
    """All one's other sessions end. Counts as an attempt to sign in."""
    sessions.change_password(house, _person(who), given.old, given.new)
    return Response(status_code=204)


def _person(who: Caller) -> Caller:
    if who.person is None:
        raise NotSignedIn
    return who


def _sessions(house: House, name: str, who: Caller) -> dict[str, Any]:
    found = sessions.listing(house, name, by=who)
    return {
        "sessions": [
            {
                "mark": one.mark,
                "created_at": clock.iso(one.created_at),
                "seen_at": clock.iso(one.seen_at),
                "expires_at": clock.iso(one.expires_at),
                "own": one.mark == who.session,
                "from": one.peer,
            }
            for one in found
        ]
    }


def _wire(one: PersonView) -> dict[str, Any]:
    said = {"id": one.id, "name": one.name, "role": one.role, "workspace": one.workspace}
    return {**said, "created_at": clock.iso(one.created_at)}
