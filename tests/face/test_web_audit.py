"""The audit in the settings: acts in words, filters in the address, and for whom it is."""

import pytest
from argon2 import PasswordHasher

from app import clock
from app.services import activity, passwords, people, tokens
from app.services.audit import Wanted
from app.services.house import House
from app.web import audit
from app.web.sections.audit import AuditState
from tests.face.signed_in import PASSWORD
from tests.face.test_web_settings import Tab


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


def test_what_the_address_asks_for_is_asked_and_the_rest_passed_over():
    asked = audit.asked({"who": " 지민 ", "what": "sign_in", "from": "2026-11-21", "to": "2026-11-21", "batch": "7"})
    assert (asked.who, asked.what, asked.batch) == ("지민", ("sign_in",), 7)
    assert asked.since is not None
    assert asked.until == asked.since + 86_400_000
    assert clock.iso(asked.since) == "2026-11-20T15:00:00.000Z"  # the day of Korea
    assert audit.asked({"what": "nonsense", "from": "yesterday", "batch": "x"}) == Wanted()
    assert (
        audit.address({"who": "지민", "q": "x"}, before=9) == "/settings?section=audit&who=%EC%A7%80%EB%AF%BC&before=9"
    )
    assert audit.download(asked).startswith("/api/v1/activity/export?who=")


def test_every_kind_of_act_has_a_word_in_both_languages():
    for language in ("ko", "en"):
        labels = [one.label for one in audit.kinds(language)]
        assert len({*labels}) == len(activity.VERBS)


def test_acts_are_told_and_only_to_who_manages_the_house(house: House):
    people.make_owner(house, "지민", PASSWORD, "192.0.2.7")
    people.add(house, "유나", PASSWORD, "viewer", by=people.as_caller(house, "지민").at("192.0.2.7"))
    people.change_role(house, "유나", "member")
    tokens.create(house, people.as_caller(house, "지민"), "nightly")
    tab = Tab(house)
    tab.do(AuditState.refresh)
    seen = tab.of(AuditState)
    assert [(one.who, one.what, one.about, one.peer) for one in seen.lines] == [
        ("지민", "signed in", "", "–"),
        ("지민", "token made", "nightly", "–"),
        ("command line", "role changed", "유나 · Viewer → · Member", "–"),
        ("지민", "person added", "유나 · Viewer", "192.0.2.7"),
        ("지민", "person added", "지민 · Owner", "192.0.2.7"),
    ]
    assert (seen.phase, seen.older, seen.narrow) == ("shown", "", False)

    other = Tab(house, "유나")
    other.do(AuditState.refresh)
    assert (other.of(AuditState).lines, other.of(AuditState).phase) == ([], "unread")
