"""The settings over a real temporary house: what the handlers do, whom they refuse, that no secret stays in a tab."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import reflex as rx
from argon2 import PasswordHasher

from app.db.migrate import upgrade
from app.errors import WrongPassword
from app.services import deliveries, inforce, passwords, people, sessions, tokens, webhooks
from app.services.callers import Caller
from app.services.house import House, open_house
from app.settings import Settings
from app.vault import new_key
from app.web import backend
from app.web.pages.settings import SettingsState, view
from app.web.section import SECTIONS, section_of
from app.web.sections.house import HouseState, line
from app.web.sections.me import MeState
from app.web.sections.people import PeopleState
from app.web.sections.tokens import TokensState
from app.web.sections.webhooks import WebhooksState
from app.web.state import Ui
from app.web.words import known
from tests.face.signed_in import announce
from tests.stage import environment

PASSWORD, OTHER = "a sentence of one's own", "another sentence of his"
URL = "https://hooks.example/keybatch"
ON = {"event:batch.completed": "on"}


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def house(settings_of: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with environment({**settings_of, "KEYBATCH_ENCRYPTION_KEY": new_key()}):
        settings = Settings()
        upgrade(settings)
        opened = open_house(settings)
        monkeypatch.setattr(backend._Held, "house", opened)
        people.make_owner(opened, "지민", PASSWORD)
        for role in ("admin", "member", "viewer"):
            people.add(opened, role, PASSWORD, role)
        yield opened
        opened.close()


class Tab:
    """A tab that somebody has open, in a session of his own."""

    def __init__(self, house: House, name: str = "지민") -> None:
        person = people.as_caller(house, name).person
        assert person is not None
        self.secret = sessions.opened(house, person).secret
        self.caller: Caller = sessions.caller(house, self.secret)
        self.root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
        announce(self.root, self.caller)
        self.of(Ui).chosen = "en"

    def of(self, kind: type[rx.State]) -> Any:
        return self.root.get_substate(kind.get_full_name().split("."))

    def do(self, handler: Any, *arguments: Any) -> str:
        async def to_end() -> Any:
            done = handler.fn(self.of(handler.state), *arguments)
            return await done if asyncio.iscoroutine(done) else done

        return str(asyncio.run(to_end()))

    def everything(self) -> str:
        """All that is kept of this tab here, whether it is sent to the browser or not."""

        def of(state: rx.State) -> list[Any]:
            own = {name: value for name, value in vars(state).items() if name not in ("parent_state", "substates")}
            return [own, *(of(child) for child in state.substates.values())]

        return repr(of(self.root)) + repr(self.root.dict())


def secret_in(event: str) -> str:
    """What an event shows in the dialog, out of the script that it is."""
    found = re.search(r'keybatchOnce\(.*?,\\*"([\w+/=-]+)', event)
    assert found is not None, event
    return found[1]


# sections


def test_the_address_names_the_section_and_anything_else_is_the_first():
    assert [section_of(f"section={name}") for name in SECTIONS] == list(SECTIONS)
    assert {section_of(query) for query in ("", "section=", "section=x", "q=people")} == {"me"}


@pytest.mark.parametrize("name", ["member", "viewer"])
def test_who_does_not_manage_the_house_reads_and_changes_nothing_of_it(house: House, name: str):
    tab, owner = Tab(house, name), Tab(house)
    made, _ = webhooks.create(house, owner.caller, URL)
    token, _ = tokens.create(house, owner.caller, "nightly")
    deeds: list[tuple[Any, ...]] = [
        (PeopleState.refresh,), (TokensState.refresh,), (WebhooksState.refresh,), (HouseState.refresh,),
        (PeopleState.add, {"name": "more", "role": "viewer"}), (PeopleState.change_role, "viewer", "admin"),
        (PeopleState.change_role, "member", "admin"), (PeopleState.show_sessions, "지민"),
        (TokensState.create, {"name": "x", "scope:read": "on"}), (WebhooksState.create, {"url": URL, **ON}),
        (WebhooksState.switch, made["id"], False), (WebhooksState.test, made["id"]),
    ]  # fmt: skip
    for deed in deeds:
        tab.do(*deed)
    for kind, deed, what in (
        (PeopleState, "reset", "지민"), (PeopleState, "remove", "admin"), (TokensState, "revoke", str(token)),
        (WebhooksState, "rotate", str(made["id"])), (WebhooksState, "remove", str(made["id"])),
    ):  # fmt: skip
        tab.of(kind)._about = (deed, what)
        assert "keybatchOnce" not in tab.do(kind.agree)
    for kind in (PeopleState, TokensState, WebhooksState, HouseState):
        assert (tab.of(kind).lines, tab.of(kind).phase) == ([], "unread")
    assert [one.role for one in people.listing(house)] == ["admin", "member", "viewer", "owner"]
    assert [one.revoked_at for one in tokens.listing(house, 1)] == [None]
    assert [one["active"] for one in webhooks.listing(house, owner.caller)] == [True]
    people.known(house, "지민", PASSWORD)


# me


def test_ones_own_name_role_and_sessions_are_shown(house: House):
    Tab(house, "viewer")
    tab = Tab(house, "viewer")
    tab.do(MeState.refresh)
    me = tab.of(MeState)
    assert (me.name, me.role, me.workspace, me.others) == ("viewer", "Viewer", "main", 1)
    assert [one.mark for one in me.sessions if one.this] == [tab.caller.session]


def test_ones_own_password_is_changed_with_the_old_one_only(house: House):
    there, tab = Tab(house, "viewer"), Tab(house, "viewer")
    tab.do(MeState.change_password, {"old": "guess", "new": OTHER, "again": OTHER})
    assert "current password" in tab.of(MeState).refusal
    tab.do(MeState.change_password, {"old": PASSWORD, "new": OTHER, "again": OTHER + "x"})
    assert "differ" in tab.of(MeState).refusal
    people.known(house, "viewer", PASSWORD)
    before = tab.of(MeState).serial
    tab.do(MeState.change_password, {"old": PASSWORD, "new": OTHER, "again": OTHER})
    assert (tab.of(MeState).refusal, tab.of(MeState).serial) == ("", before + 1), "the form is empty again"
    people.known(house, "viewer", OTHER)
    assert [one.mark for one in sessions.listing(house, "viewer", by=tab.caller)] == [tab.caller.session]
    assert there.caller.session != tab.caller.session
    for secret in (PASSWORD, OTHER, tab.secret):
        assert secret not in tab.everything()


def test_others_of_ones_sessions_are_ended_and_never_this_one(house: House):
    there, yonder, tab = (Tab(house, "viewer") for _ in range(3))
    tab.do(MeState.end, tab.caller.session)
    assert len(sessions.listing(house, "viewer", by=tab.caller)) == 3
    tab.do(MeState.end, there.caller.session)
    tab.do(MeState.end_others)
    assert [one.mark for one in sessions.listing(house, "viewer", by=tab.caller)] == [tab.caller.session]
    assert yonder.caller.session != tab.caller.session


# people


def test_somebody_is_added_with_a_password_that_is_shown_once(house: House):
    tab = Tab(house)
    password = secret_in(tab.do(PeopleState.add, {"name": "보영", "role": "viewer", "password": ""}))
    people.known(house, "보영", password)
    assert "보영" in [one.name for one in tab.of(PeopleState).lines]
    assert password not in tab.everything()


def test_a_password_that_was_typed_is_not_shown(house: House):
    tab = Tab(house)
    said = tab.do(PeopleState.add, {"name": "보영", "role": "member", "password": OTHER})
    assert OTHER not in said + tab.everything()
    people.known(house, "보영", OTHER)


def test_a_refusal_is_said_beside_the_form_and_nobody_is_added(house: House):
    tab = Tab(house)
    tab.do(PeopleState.add, {"name": "viewer", "role": "member"})
    assert "somebody called viewer" in tab.of(PeopleState).refusal
    tab.do(PeopleState.add, {"name": "x", "role": "member", "password": "short"})
    assert "at least 10" in tab.of(PeopleState).refusal
    assert len(people.listing(house)) == 4


def test_a_role_is_changed_and_can_be_taken_back(house: House):
    tab = Tab(house)
    tab.do(PeopleState.refresh)
    said = tab.do(PeopleState.change_role, "viewer", "admin")
    assert "Admin now" in said
    assert people.as_caller(house, "viewer").scopes == {"read", "submit", "admin"}
    tab.do(PeopleState.change_role, "viewer", "viewer")
    assert people.as_caller(house, "viewer").scopes == {"read"}


def test_nobody_changes_resets_or_removes_himself_here(house: House):
    people.add(house, "second", PASSWORD, "owner")
    tab = Tab(house)
    tab.do(PeopleState.change_role, "지민", "viewer")
    for deed in ("reset", "remove"):
        tab.of(PeopleState)._about = (deed, "지민")
        tab.do(PeopleState.agree)
    assert people.as_caller(house, "지민").scopes == {"read", "submit", "admin"}
    people.known(house, "지민", PASSWORD)


def test_an_admin_does_nothing_to_an_owner_and_cannot_make_one(house: House):
    tab = Tab(house, "admin")
    tab.do(PeopleState.refresh)
    state = tab.of(PeopleState)
    assert [one.role for one in state.roles] == ["admin", "member", "viewer"]
    assert {one.name for one in state.lines if one.fixed} == {"지민", "admin"}
    assert "Only an owner" in tab.do(PeopleState.change_role, "viewer", "owner")
    for deed in ("reset", "remove"):
        state._about = (deed, "지민")
        assert "Only an owner" in tab.do(PeopleState.agree)
    people.known(house, "지민", PASSWORD)


def test_a_new_password_is_asked_about_then_shown_once_and_kept_nowhere(house: House):
    there, tab = Tab(house, "member"), Tab(house)
    assert "keybatchOpen" in tab.do(PeopleState.ask_reset, "member")
    people.known(house, "member", PASSWORD)
    password = secret_in(tab.do(PeopleState.agree))
    people.known(house, "member", password)
    with pytest.raises(WrongPassword):
        people.known(house, "member", PASSWORD)
    assert password not in tab.everything()
    assert tab.do(PeopleState.agree) == "None", "it is done once"
    assert there.caller.session not in [one.mark for one in sessions.listing(house, "member", by=tab.caller)]


def test_a_person_is_removed_after_the_question(house: House):
    tab = Tab(house)
    tab.do(PeopleState.ask_remove, "member")
    assert tab.of(PeopleState).question.harmful
    assert "removed" in tab.do(PeopleState.agree)
    assert "member" not in [one.name for one in people.listing(house)]


def test_somebodys_sessions_are_shown_and_ended(house: House):
    there, tab = Tab(house, "member"), Tab(house)
    tab.do(PeopleState.show_sessions, "member")
    assert [one.mark for one in tab.of(PeopleState).sessions] == [there.caller.session]
    tab.do(PeopleState.end, there.caller.session)
    assert tab.of(PeopleState).sessions == []


# tokens


def test_a_token_is_shown_once_and_kept_nowhere(house: House):
    tab = Tab(house)
    form = {"name": " nightly ", "scope:read": "on", "scope:submit": "on", "lasts": "30"}
    secret = secret_in(tab.do(TokensState.create, form))
    assert tokens.caller(house, secret).scopes == {"read", "submit"}
    [made] = tab.of(TokensState).lines
    assert (made.name, made.scopes, made.whose, made.state) == ("nightly", "read, submit", "지민", "active")
    assert secret not in tab.everything()
    assert secret.removeprefix(tokens.PREFIX)[10:] not in tab.everything()


def test_a_token_that_makes_no_sense_is_refused(house: House):
    tab = Tab(house)
    tab.do(TokensState.create, {"name": "x"})
    assert tab.of(TokensState).refusal
    tab.do(TokensState.create, {"name": "", "scope:read": "on"})
    assert tab.of(TokensState).refusal
    assert tokens.listing(house, None) == []


def test_a_token_is_revoked_after_the_question(house: House):
    tab = Tab(house)
    number, _ = tokens.create(house, tab.caller, "nightly")
    tab.do(TokensState.refresh)
    assert "keybatchOpen" in tab.do(TokensState.ask_revoke, number)
    assert tokens.one(house, number).revoked_at is None
    assert "is revoked" in tab.do(TokensState.agree)
    assert tab.of(TokensState).lines[0].state == "revoked"


# webhooks


def test_a_webhooks_secret_is_shown_once_and_kept_nowhere(house: House):
    tab = Tab(house)
    secret = secret_in(tab.do(WebhooksState.create, {"url": f" {URL} ", "description": "CRM", **ON}))
    assert secret.startswith("whsec_")
    [made] = tab.of(WebhooksState).lines
    assert (made.url, made.description, made.events, made.active) == (URL, "CRM", "completed batches", True)
    assert secret not in tab.everything()
    tab.do(WebhooksState.ask_rotate, made.id)
    fresh = secret_in(tab.do(WebhooksState.agree))
    assert fresh != secret
    assert fresh not in tab.everything()


def test_a_webhook_that_makes_no_sense_is_refused(house: House):
    tab = Tab(house)
    for form in ({"url": "ftp://x", **ON}, {"url": URL}):
        tab.do(WebhooksState.create, form)
        assert tab.of(WebhooksState).refusal
    assert webhooks.listing(house, tab.caller) == []


def test_a_webhook_rests_goes_on_is_tested_and_removed(house: House):
    tab = Tab(house)
    made, _ = webhooks.create(house, tab.caller, URL)
    number = made["id"]
    assert "paused" in tab.do(WebhooksState.switch, number, False)
    assert (tab.of(WebhooksState).lines[0].active, tab.of(WebhooksState).lines[0].why) == (False, "Paused by a person.")
    assert "switched off" in tab.do(WebhooksState.test, number)
    tab.do(WebhooksState.switch, number, True)
    tab.do(WebhooksState.test, number)
    [told] = tab.of(WebhooksState).told
    assert (told.event, told.state, told.tries) == ("test", "pending", [])
    tab.do(WebhooksState.resend, told.id)
    assert deliveries.one(house, tab.caller, told.id)["state"] == "pending"
    assert "There is no delivery" in tab.do(WebhooksState.resend, "msg_0")
    tab.do(WebhooksState.ask_remove, number)
    tab.do(WebhooksState.agree)
    assert (tab.of(WebhooksState).lines, webhooks.listing(house, tab.caller)) == ([], [])


# the house


def test_settings_are_told_without_what_is_secret_in_them(house: House):
    key = "c2VjcmV0IGtleSBvZiB0aGlzIHRlc3QsIDMyIGJ5dGU="
    settings = Settings(
        encryption_key=key,
        database_url="postgresql://someone:hush@db.example:5432/keybatch?password=hush",
        redis_url="rediss://:hush@redis.example:6380/0",
        public_url="https://keys.example",
    )
    found = {one.key: one for one in inforce.settings(replace(house, settings=settings))}
    assert found["database_url"].value == "postgresql://db.example:5432/keybatch"
    assert found["redis_url"].value == "rediss://redis.example:6380/0"
    assert found["public_url"].value == "https://keys.example"
    assert "hush" not in repr(found)
    assert key not in repr(found)
    assert (found["encryption_key"].secret, found["encryption_key"].set) == (True, True)
    assert line(found["encryption_key"], "en").value == "set, not shown"


def test_every_setting_has_its_words_in_both_languages(house: House):
    assert [one.key for one in inforce.settings(house) if not known(f"setting_{one.key}")] == []


def test_the_house_shows_its_version_and_no_key_of_its_own(house: House):
    tab = Tab(house)
    tab.do(HouseState.refresh)
    state = tab.of(HouseState)
    assert (state.phase, state.version) == ("shown", inforce.version())
    assert house.settings.encryption_key.get_secret_value() not in tab.everything()


def test_what_is_kept_of_a_tab_is_all_looked_at(house: House):
    tab = Tab(house)
    tab.of(TokensState).refusal, tab.of(WebhooksState)._about = "a var", ("a private", "one")
    assert "a var" in tab.everything()
    assert "a private" in tab.everything()


def test_the_page_can_be_drawn():
    view()


def test_the_page_opens_the_section_of_its_address(house: House):
    tab = Tab(house)
    tab.do(SettingsState.enter)
    assert tab.of(SettingsState).section == "me"
