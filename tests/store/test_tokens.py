"""Tokens on both databases: what they may, how long, and that they are kept as hashes."""

import base64
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from app import clock
from app.errors import BadValue, Forbidden, NoSuchThing, NotSignedIn
from app.models.tables import person, token
from app.services import aside, people, tokens
from app.services.callers import OPERATOR, Caller
from app.services.house import House

PASSWORD = "a sentence of one's own"
HOUR = 3_600_000


@pytest.fixture
def member(house: House) -> Caller:
    people.make_owner(house, "지민", PASSWORD)
    people.add(house, "민수", PASSWORD)
    return people.as_caller(house, "민수")


def of(house: House, secret: str) -> tokens.TokenView:
    return tokens.one(house, tokens.caller(house, secret).token or 0)


def test_a_token_is_kept_as_a_hash_and_tells_who_comes(house: House):
    made, secret = tokens.create(house, OPERATOR, "밤마다", ["submit", "read", "read"])
    assert secret.startswith("kb_")
    found = tokens.caller(house, secret)
    assert (found.token, found.name, found.scopes, found.person) == (made, "밤마다", {"read", "submit"}, None)
    with house.db.read() as connection:
        assert secret not in str(connection.execute(select(token)).all())
    assert secret not in repr(tokens.listing(house, None))


def test_what_is_no_token_opens_nothing(house: House):
    for secret in ("", "kb_", "kb_nothing", "xx", "kb_é"):
        with pytest.raises(NotSignedIn):
            tokens.caller(house, secret)


def test_a_token_ends_at_its_time_and_when_it_is_revoked(house: House):
    now = clock.now_ms()
    short = tokens.create(house, OPERATOR, "short", ["read"], expires_at=now + HOUR)[1]
    number, long = tokens.create(house, OPERATOR, "long", ["read"])
    with clock.frozen(now + HOUR - 1):
        assert tokens.caller(house, short).name == "short"
    with clock.frozen(now + HOUR):
        with pytest.raises(NotSignedIn):
            tokens.caller(house, short)
        assert tokens.caller(house, long).name == "long"
        gone = tokens.revoke(house, OPERATOR, number)
    again = tokens.revoke(house, OPERATOR, number)  # when it was used is written beside, a moment later
    assert replace(again, used_at=gone.used_at) == gone, "again changes nothing"
    with pytest.raises(NotSignedIn):
        tokens.caller(house, long)


def test_a_token_ends_in_a_time_to_come(house: House):
    now = clock.now_ms()
    for ends in (0, -1, now - 1, now + 11 * 366 * 24 * HOUR):
        with pytest.raises(BadValue):
            tokens.create(house, OPERATOR, "t", ["read"], expires_at=ends)


def test_a_token_has_a_name_that_can_be_read(house: House):
    for name in ("", " ", "x" * 101, "a\nb", "\x00", "\ud800", "\x1b[31m"):
        with pytest.raises(BadValue):
            tokens.create(house, OPERATOR, name, ["read"])


def test_a_token_may_not_more_than_who_makes_it(house: House, member: Caller):
    with pytest.raises(Forbidden):
        tokens.create(house, member, "t", ["read", "admin"])
    for unknown in ([], ["write"], ["read", ""]):
        with pytest.raises(BadValue):
            tokens.create(house, member, "t", unknown)
    secret = tokens.create(house, member, "t", ["submit"])[1]
    with pytest.raises(Forbidden):
        tokens.create(house, tokens.caller(house, secret), "u", ["read"])


def test_a_token_may_no_longer_what_its_person_may_no_longer(house: House, member: Caller):
    secret = tokens.create(house, member, "t", ["read", "submit"])[1]
    with house.db.work() as work:
        work.connection.execute(update(person).where(person.c.id == member.person).values(role="viewer"))
    assert tokens.caller(house, secret).scopes == {"read"}
    assert of(house, secret).scopes == ("read",)


def test_a_token_made_with_a_token_is_of_the_same_person_and_ends_with_it(house: House):
    people.make_owner(house, "지민", PASSWORD)
    ends = clock.now_ms() + HOUR
    first = tokens.create(house, people.as_caller(house, "지민"), "first", ["read", "admin"], expires_at=ends)[1]
    maker = tokens.caller(house, first)
    second = tokens.create(house, maker, "second", ["admin"])[1]
    third = tokens.create(house, maker, "third", ["read"], expires_at=ends - HOUR // 2)[1]
    assert (of(house, second).person, of(house, second).expires_at) == ("지민", ends)
    assert of(house, third).expires_at == ends - HOUR // 2


def test_another_workspace_has_tokens_of_its_own(house: House, member: Caller):
    people.add(house, "손님", PASSWORD, "admin", "고객")
    guest = people.as_caller(house, "손님")
    ours, theirs = (tokens.create(house, who, "t", ["read"])[0] for who in (member, guest))
    assert [one.id for one in tokens.listing(house, guest.workspace)] == [theirs]
    for number in (ours, 99):
        with pytest.raises(NoSuchThing):
            tokens.revoke(house, guest, number)
    assert tokens.one(house, ours).revoked_at is None
    assert [one.id for one in tokens.listing(house, None)] == [theirs, ours]


def test_the_last_use_is_written_once_a_minute_at_most(house: House):
    now = clock.now_ms()
    number, secret = tokens.create(house, OPERATOR, "t", ["read"])
    assert tokens.one(house, number).used_at is None
    for after, written in ((0, 0), (59_999, 0), (60_000, 60_000)):
        with clock.frozen(now + after):
            tokens.caller(house, secret)
        aside.settled()
        assert tokens.one(house, number).used_at == now + written


def basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("Bearer kb_a", "kb_a"), ("bearer  kb_a ", "kb_a"), (basic("kb_a:"), "kb_a"), (basic("x:kb_a"), "kb_a"),
        (basic("kb_a"), "kb_a"), (basic("someone:else"), ""), ("Basic !!", ""), ("Basic", ""), ("", ""),
        ("Digest kb_a", ""), ("kb_a", ""),
    ],
)  # fmt: skip
def test_a_token_is_shown_as_bearer_or_in_the_url_of_a_client(header: str, shown: str):
    assert tokens.offered(header) == shown


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer xyz", "Bearer Kb_a"])
def test_a_bearer_that_is_none_of_ours_is_no_reason_to_look_at_cookies(header: str):
    with pytest.raises(NotSignedIn):
        tokens.offered(header)
