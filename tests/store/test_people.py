"""People, their passwords and sessions, on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from sqlalchemy import select, update

from app import clock
from app.errors import (
    AlreadyOwned,
    BadName,
    BadValue,
    LastOwner,
    NameTaken,
    NoSuchPerson,
    NotSignedIn,
    WeakPassword,
    WrongPassword,
)
from app.models.tables import person, session
from app.services import aside, passwords, people, sessions, tokens
from app.services.house import House

PASSWORD = "a sentence of one's own"
DAY = 86_400_000


@pytest.fixture
def dear() -> None:
    """Passwords as costly as they are."""


@pytest.fixture(autouse=True)
def cheap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "dear" not in request.fixturenames:
        monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def owner(house: House) -> people.PersonView:
    return people.make_owner(house, "지민", PASSWORD)


def stored(house: House, name: str) -> str:
    with house.db.read() as connection:
        return str(connection.execute(select(person.c.password).where(person.c.name == name)).scalar_one())


def test_the_first_person_is_the_owner_and_there_is_one_first(house: House):
    assert people.nobody(house)
    made = people.make_owner(house, " 지민 ", PASSWORD)
    assert (made.name, made.role, made.workspace) == ("지민", "owner", "main")
    assert not people.nobody(house)
    with pytest.raises(AlreadyOwned):
        people.make_owner(house, "민수", PASSWORD)
    assert [one.name for one in people.listing(house)] == ["지민"]


def test_two_who_are_first_at_once_make_one_owner(house: House):
    at_once = threading.Barrier(4)

    def make(name: str) -> bool:
        at_once.wait(20)
        try:
            people.make_owner(house, name, PASSWORD)
        except AlreadyOwned:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(make, ["가", "나", "다", "라"]))
    assert made.count(True) == 1
    assert len(people.listing(house)) == 1


def test_who_is_added_on_the_command_line_first_is_the_owner_too(house: House):
    with pytest.raises(BadValue):
        people.add(house, "지민", PASSWORD, "viewer")
    assert people.add(house, "지민", PASSWORD).role == "owner"
    assert people.add(house, "민수", PASSWORD).role == "member"
    assert people.add(house, "손님", PASSWORD, "viewer", "고객").workspace == "고객"
    assert people.as_caller(house, "손님").scopes == {"read"}
    assert people.as_caller(house, "손님").workspace != people.as_caller(house, "지민").workspace


def test_a_name_is_something_that_can_be_read(house: House):
    for name in ("", "  ", "x" * 101, "a\nb", "a\x00", "\ud800", "\u200b"):
        with pytest.raises(BadName):
            people.make_owner(house, name, PASSWORD)


def test_a_name_is_one_however_it_was_typed(house: House, owner: people.PersonView):
    with pytest.raises(NameTaken):
        people.add(house, "지민", PASSWORD)  # the letters of it one by one
    assert people.known(house, "지민", PASSWORD) == owner.id


def test_a_password_is_neither_short_nor_endless(house: House):
    for password in ("", "123456789", "x" * 1001):
        with pytest.raises(WeakPassword):
            people.make_owner(house, "지민", password)
    assert people.nobody(house)


def test_a_password_is_stored_as_argon2id_that_takes_memory(dear: None, house: House, owner: people.PersonView):
    found = extract_parameters(stored(house, "지민"))
    assert found.type is Type.ID
    assert found.memory_cost >= 65_536
    assert found.time_cost >= 3
    assert PASSWORD not in stored(house, "지민")


def test_a_hash_of_before_is_made_anew_when_its_password_is_shown(dear: None, house: House, owner: people.PersonView):
    weak = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    with house.db.work() as work:
        work.connection.execute(update(person).values(password=weak))
    with pytest.raises(WrongPassword):
        people.known(house, "지민", "not the password")
    assert stored(house, "지민") == weak
    people.known(house, "지민", PASSWORD)
    assert extract_parameters(stored(house, "지민")).memory_cost >= 65_536
    assert people.known(house, "지민", PASSWORD) == owner.id


def test_a_wrong_pair_is_told_in_one_way(house: House, owner: people.PersonView):
    for name, password in product(
        ["지민", "nobody", "", "a\x00b", "\ud800", "x" * 5000], ["", "wrong", "\ud800", "x" * 5000]
    ):
        with pytest.raises(WrongPassword):
            sessions.sign_in(house, name, password, "127.0.0.1")


def test_an_unknown_name_costs_the_same_work(house: House, owner: people.PersonView, monkeypatch: pytest.MonkeyPatch):
    passwords.nobodys.cache_clear()
    checked: list[str] = []
    monkeypatch.setattr(passwords, "matches", lambda hashed, _password: checked.append(hashed))
    for name in ("지민", "nobody"):
        with pytest.raises(WrongPassword):
            people.known(house, name, "something")
    assert [extract_parameters(one) for one in checked] == [extract_parameters(stored(house, "지민"))] * 2


def test_the_last_owner_stays(house: House, owner: people.PersonView):
    people.add(house, "민수", PASSWORD)
    with pytest.raises(LastOwner):
        people.remove(house, "지민")
    people.add(house, "두번째", PASSWORD, "owner")
    people.remove(house, "지민")
    with pytest.raises(NoSuchPerson):
        people.remove(house, "지민")


def test_who_is_removed_has_no_session_and_no_token_any_more(house: House, owner: people.PersonView):
    people.add(house, "민수", PASSWORD)
    secret = sessions.sign_in(house, "민수", PASSWORD, "127.0.0.1").secret
    _, token = tokens.create(house, people.as_caller(house, "민수"), "his", ["read"])
    assert tokens.caller(house, token).scopes == {"read"}
    people.remove(house, "민수")
    with pytest.raises(NotSignedIn):
        sessions.caller(house, secret)
    with pytest.raises(NotSignedIn):
        tokens.caller(house, token)


def test_a_session_is_kept_as_a_hash_and_tells_who_it_is(house: House, owner: people.PersonView):
    opened = sessions.sign_in(house, "지민", PASSWORD, "127.0.0.1")
    assert opened.person == sessions.caller(house, opened.secret) == people.as_caller(house, "지민")
    with house.db.read() as connection:
        assert opened.secret not in str(connection.execute(select(session)).all())
    assert len(opened.secret) >= 43, "32 random bytes"


def test_another_password_ends_every_session(house: House, owner: people.PersonView):
    secret = sessions.sign_in(house, "지민", PASSWORD, "127.0.0.1").secret
    people.change_password(house, "지민", "another sentence")
    with pytest.raises(NotSignedIn):
        sessions.caller(house, secret)
    with pytest.raises(WrongPassword):
        sessions.sign_in(house, "지민", PASSWORD, "127.0.0.1")
    sessions.sign_in(house, "지민", "another sentence", "127.0.0.1")


def test_a_session_lives_thirty_days_from_its_last_use(house: House, owner: people.PersonView):
    began = clock.now_ms()
    with clock.frozen(began):
        used, unused = (sessions.opened(house, owner.id).secret for _ in range(2))
    with clock.frozen(began + 20 * DAY):
        sessions.caller(house, used)
        sessions.caller(house, unused, use=False)
        aside.settled()
    with clock.frozen(began + 30 * DAY):
        assert sessions.caller(house, used).name == "지민"
        aside.settled()
        with pytest.raises(NotSignedIn):
            sessions.caller(house, unused)
        sessions.opened(house, owner.id)
    with house.db.read() as connection:
        assert len(connection.execute(select(session)).all()) == 2, "what is over is deleted by the next sign-in"


def test_a_use_is_written_once_a_minute_at_most(house: House, owner: people.PersonView):
    def seen() -> int:
        aside.settled()
        with house.db.read() as connection:
            return int(connection.execute(select(session.c.seen_at)).scalar_one())

    began = clock.now_ms()
    with clock.frozen(began):
        secret = sessions.opened(house, owner.id).secret
    for after, written in ((59_999, 0), (60_000, 60_000), (119_999, 60_000), (120_000, 120_000)):
        with clock.frozen(began + after):
            sessions.caller(house, secret)
        assert seen() == began + written


def test_signing_out_ends_one_session(house: House, owner: people.PersonView):
    here, there = (sessions.opened(house, owner.id).secret for _ in range(2))
    sessions.end(house, here)
    sessions.end(house, here)
    with pytest.raises(NotSignedIn):
        sessions.caller(house, here)
    assert sessions.caller(house, there).name == "지민"
    with pytest.raises(NotSignedIn):
        sessions.caller(house, "")


def test_the_proof_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch):
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(sessions.hmac, "compare_digest", compare)
    assert sessions.is_proof("secret", sessions.proof("secret"))
    assert not sessions.is_proof("secret", sessions.proof("another"))
    assert not sessions.is_proof("secret", "")
    assert not sessions.is_proof("secret", "é\ud800")
    assert len(compared) == 4
    assert "secret" not in sessions.proof("secret")
