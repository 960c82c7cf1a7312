"""Who manages whom: roles, passwords and sessions of people, on both databases."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import PasswordHasher

from app.errors import (
    BadValue,
    Forbidden,
    KeybatchError,
    LastOwner,
    NoSuchPerson,
    NotSignedIn,
    RoleTooHigh,
    WeakPassword,
    WrongPassword,
)
from app.services import passwords, people, sessions, tokens
from app.services.callers import Caller
from app.services.house import House

PASSWORD = "a sentence of one's own"
OTHER = "another sentence"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def team(house: House) -> Callable[[str], Caller]:
    """One of each role, called by it, and an owner of another workspace."""
    people.make_owner(house, "owner", PASSWORD)
    for role in ("admin", "member", "viewer"):
        people.add(house, role, PASSWORD, role)
    people.add(house, "stranger", PASSWORD, "owner", "elsewhere")
    return lambda name: people.as_caller(house, name)


def roles(house: House) -> dict[str, str]:
    return {one.name: one.role for one in people.listing(house)}


@pytest.mark.parametrize("by", ["owner", "admin"])
def test_who_manages_people_changes_their_roles(house: House, team: Any, by: str):
    assert people.change_role(house, "viewer", "member", by=team(by)).role == "member"
    assert people.change_role(house, "member", "admin", by=team(by)).role == "admin"
    assert roles(house)["member"] == "admin"
    assert team("member").scopes == {"read", "submit", "admin"}


def test_nobody_raises_himself(house: House, team: Any):
    before = roles(house)
    for name, refused in (("admin", RoleTooHigh), ("member", Forbidden), ("viewer", Forbidden)):
        for higher in ("owner", "admin"):
            if name != higher:
                with pytest.raises(refused):
                    people.change_role(house, name, higher, by=team(name))
    assert roles(house) == before


def test_only_an_owner_makes_changes_and_removes_an_owner(house: House, team: Any):
    admin, before = team("admin"), roles(house)
    deeds: list[Callable[[], object]] = [
        lambda: people.add(house, "more", PASSWORD, "owner", by=admin),
        lambda: people.change_role(house, "member", "owner", by=admin),
        lambda: people.change_role(house, "owner", "viewer", by=admin),
        lambda: people.change_password(house, "owner", OTHER, by=admin),
        lambda: people.remove(house, "owner", by=admin),
        lambda: sessions.listing(house, "owner", by=admin),
        lambda: sessions.end_others(house, "owner", by=admin),
    ]
    for deed in deeds:
        with pytest.raises(RoleTooHigh):
            deed()
    assert roles(house) == before
    assert people.change_role(house, "member", "owner", by=team("owner")).role == "owner"


def test_a_token_is_nobody_who_makes_owners(house: House, team: Any):
    _, secret = tokens.create(house, team("owner"), "manages", ["read", "admin"])
    program = tokens.caller(house, secret)
    with pytest.raises(RoleTooHigh):
        people.change_role(house, "admin", "owner", by=program)
    assert people.change_role(house, "viewer", "member", by=program).role == "member"


def test_a_role_that_was_lost_meanwhile_counts_no_more(house: House, team: Any):
    people.change_role(house, "member", "owner")
    once = team("member")  # what his open page still says of him
    people.change_role(house, "member", "admin")
    with pytest.raises(RoleTooHigh):
        people.change_role(house, "viewer", "owner", by=once)


def test_who_may_not_manage_people_changes_nothing(house: House, team: Any):
    before = roles(house)
    for name in ("member", "viewer"):
        caller = team(name)
        deeds: list[Callable[[Caller], object]] = [
            lambda by: people.add(house, "more", PASSWORD, by=by),
            lambda by: people.change_role(house, "admin", "viewer", by=by),
            lambda by: people.change_password(house, "admin", OTHER, by=by),
            lambda by: people.remove(house, "admin", by=by),
            lambda by: people.remove(house, by.name, by=by),
            lambda by: people.change_role(house, by.name, "viewer", by=by),
            lambda by: sessions.listing(house, "admin", by=by),
        ]
        for deed in deeds:
            with pytest.raises(Forbidden):
                deed(caller)
    assert roles(house) == before
    people.known(house, "admin", PASSWORD)


def test_people_of_another_workspace_are_not_there(house: House, team: Any):
    stranger = team("stranger")
    deeds: list[Callable[[], object]] = [
        lambda: people.change_role(house, "viewer", "member", by=stranger),
        lambda: people.change_password(house, "viewer", OTHER, by=stranger),
        lambda: people.remove(house, "viewer", by=stranger),
        lambda: sessions.listing(house, "viewer", by=stranger),
        lambda: people.remove(house, "nobody", by=stranger),
    ]
    for deed in deeds:
        with pytest.raises(NoSuchPerson):
            deed()
    assert [one.name for one in people.listing(house, stranger.workspace)] == ["stranger"]
    assert people.add(house, "neighbour", PASSWORD, by=stranger).workspace == "elsewhere"


def test_the_last_owner_of_a_workspace_stays_one(house: House, team: Any):
    owner = team("owner")
    for role in ("admin", "member", "viewer"):
        with pytest.raises(LastOwner):
            people.change_role(house, "owner", role, by=owner)
    with pytest.raises(LastOwner):
        people.remove(house, "owner", by=owner)
    people.change_role(house, "owner", "owner", by=owner)
    people.change_role(house, "admin", "owner", by=owner)
    assert people.change_role(house, "owner", "viewer", by=owner).role == "viewer"


def test_two_owners_who_leave_at_once_do_not_both(house: House, team: Any):
    people.change_role(house, "admin", "owner")
    callers, at_once = [team("owner"), team("admin")], threading.Barrier(2)

    def leave(caller: Caller) -> bool:
        at_once.wait(20)
        try:
            people.change_role(house, caller.name, "member", by=caller)
        except LastOwner:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        left = list(pool.map(leave, callers))
    assert sorted(left) == [False, True]
    assert "owner" in (roles(house)["owner"], roles(house)["admin"])


def test_there_is_no_other_role(house: House, team: Any):
    for role in ("", "root", "Owner", "owner "):
        with pytest.raises(BadValue):
            people.change_role(house, "viewer", role, by=team("owner"))


def test_a_lower_role_lowers_the_tokens_that_were_made_with_the_higher_one(house: House, team: Any):
    _, secret = tokens.create(house, team("admin"), "all", ["read", "submit", "admin"])
    people.change_role(house, "admin", "viewer", by=team("owner"))
    assert tokens.caller(house, secret).scopes == {"read"}


def test_who_is_removed_by_an_owner_has_no_session_and_no_token_left(house: House, team: Any):
    here = sessions.opened(house, team("admin").person).secret
    _, secret = tokens.create(house, team("admin"), "his")
    people.remove(house, "admin", by=team("owner"))
    for gone in (lambda: sessions.caller(house, here), lambda: tokens.caller(house, secret)):
        with pytest.raises(NotSignedIn):
            gone()


def opened(house: House, name: str, count: int) -> list[tuple[str, Caller]]:
    person = people.as_caller(house, name).person
    assert person is not None
    found = [sessions.opened(house, person) for _ in range(count)]
    return [(one.secret, sessions.caller(house, one.secret)) for one in found]


def is_open(house: House, secret: str) -> bool:
    try:
        sessions.caller(house, secret)
    except NotSignedIn:
        return False
    return True


def test_ones_own_sessions_are_told_apart_by_a_mark_that_opens_nothing(house: House, team: Any):
    pairs = opened(house, "viewer", 3)
    found = sessions.listing(house, "viewer", by=pairs[0][1])
    marks = {caller.session for _, caller in pairs}
    assert {one.mark for one in found} == marks
    assert len(marks) == 3
    for one in found:
        assert not is_open(house, one.mark)
        assert not any(one.mark in secret for secret, _ in pairs)
        assert one.created_at <= one.seen_at < one.expires_at


def test_others_are_ended_and_this_one_stays(house: House, team: Any):
    (here, caller), (there, _), (yonder, other) = opened(house, "viewer", 3)
    assert sessions.end_marked(house, "viewer", other.session, by=caller) == 1
    assert sessions.end_marked(house, "viewer", other.session, by=caller) == 0
    assert [is_open(house, one) for one in (here, there, yonder)] == [True, True, False]
    assert sessions.end_others(house, "viewer", by=caller) == 1
    assert [is_open(house, one) for one in (here, there)] == [True, False]


def test_somebody_elses_session_is_not_found_among_ones_own(house: House, team: Any):
    [(_, viewer)], [(secret, member)] = opened(house, "viewer", 1), opened(house, "member", 1)
    assert sessions.end_marked(house, "viewer", member.session, by=viewer) == 0
    with pytest.raises(Forbidden):
        sessions.end_marked(house, "member", member.session, by=viewer)
    assert is_open(house, secret)
    assert sessions.end_marked(house, "member", member.session, by=team("admin")) == 1
    assert not is_open(house, secret)


def test_ones_own_password_takes_the_old_one_and_ends_the_other_sessions(house: House, team: Any):
    (here, caller), (there, _) = opened(house, "viewer", 2)
    with pytest.raises(WrongPassword):
        sessions.change_password(house, caller, "not it at all", OTHER)
    with pytest.raises(WeakPassword):
        sessions.change_password(house, caller, PASSWORD, "short")
    assert [is_open(house, one) for one in (here, there)] == [True, True]
    sessions.change_password(house, caller, PASSWORD, OTHER)
    assert [is_open(house, one) for one in (here, there)] == [True, False]
    assert people.known(house, "viewer", OTHER) == caller.person


def test_guessing_the_old_password_from_an_open_page_is_slowed_down(house: House, team: Any):
    [(_, caller)] = opened(house, "viewer", 1)
    refused: list[str] = []
    for n in range(12):
        try:
            sessions.change_password(house, caller, f"guess number {n}", OTHER)
        except KeybatchError as exc:
            refused.append(exc.code)
    assert refused[0] == "wrong_password"
    assert refused[-1] == "too_many_requests"


def test_a_password_that_is_reset_ends_every_session_of_that_person(house: House, team: Any):
    pairs = opened(house, "member", 2)
    fresh = passwords.new()
    people.change_password(house, "member", fresh, by=team("admin"))
    assert not any(is_open(house, secret) for secret, _ in pairs)
    people.known(house, "member", fresh)


def test_a_password_that_is_made_up_is_taken_and_is_another_each_time():
    made = {passwords.new() for _ in range(50)}
    assert len(made) == 50
    assert all(passwords.LEAST <= len(one) <= passwords.MOST for one in made)
