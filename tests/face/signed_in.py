"""Somebody signed in: as the guard announces him to the pages, and as a browser's cookies say it."""

from unittest.mock import patch

import reflex as rx
from argon2 import PasswordHasher
from reflex.istate.data import HeaderData

from app.models.people import MAIN
from app.services import announced, cookies, passwords, people, sessions
from app.services.callers import MAY, Caller
from app.services.house import House

PASSWORD = "a sentence of one's own"
OWNER = Caller(MAIN, MAY["owner"], "지민", person=1)
VIEWER = Caller(MAIN, MAY["viewer"], "구경꾼", person=2)
STRANGER = Caller(MAIN + 1, MAY["owner"], "다른 사람", person=3)


def announce(root: rx.State, who: Caller = OWNER) -> None:
    """Let a tab be ``who``'s."""
    headers = {"headers": {announced.HEADER: announced.written(who)}}
    root.rx_router_headers = HeaderData.from_router_data(headers)


def browser_of(house: House, name: str = OWNER.name, role: str = "", workspace: str = "main") -> dict[str, str]:
    """The cookies of a browser in which that person, who is added if he is not there, has signed in."""
    if name not in [one.name for one in people.listing(house)]:
        with patch.object(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)):
            people.add(house, name, PASSWORD, role, workspace)
    person = people.as_caller(house, name).person
    assert person is not None
    secret = sessions.opened(house, person).secret
    return {cookies.SESSION: secret, cookies.CSRF: sessions.proof(secret)}
