"""Sign-in by an issuer elsewhere: the way there and back with a simulated one, whom it lets in as what, and what of its
word is not believed."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import build_opener

import pytest

from app.errors import BadValue, LastOwner, SubjectTaken, WrongPassword
from app.services import audit, issuer, people, sessions, vouched
from app.services.callers import OPERATOR
from app.services.house import House
from app.web import door_issuer
from tests.face.api import TestClient
from tests.face.signed_in import PASSWORD, browser_of
from tests.face.vouching import Stays, go, me, signs_in
from tests.simulators.issuer import IssuerSimulator


def test_the_page_offers_it_and_it_leads_there_and_back(by_issuer: TestClient, vouching_house: House):
    assert 'href="/sign-in/issuer"' in by_issuer.get("/sign-in").text
    there = urlsplit(by_issuer.get("/sign-in/issuer").headers["location"])
    asked = parse_qs(there.query)
    assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
    assert len({asked[name][0] for name in ("state", "nonce", "code_challenge")}) == 3

    answer = signs_in(by_issuer, "/batches?q=a")
    assert (answer.status_code, answer.headers["location"]) == (303, "/batches?q=a")
    told = me(by_issuer)
    assert (told["name"], told["role"], told["workspace"]) == ("서연", "member", "main")
    acts = [(act.who, act.what, act.peer) for act in audit.page(vouching_house, OPERATOR, limit=2).acts]
    assert acts == [("서연", "sign_in", "127.0.0.1"), ("서연", "add_person", "127.0.0.1")]
    assert not by_issuer.cookies.get(door_issuer.COOKIE)
    with pytest.raises(WrongPassword):
        sessions.sign_in(vouching_house, "서연", "", "testclient")


def test_groups_give_the_role_at_each_sign_in_anew_and_take_it(
    by_issuer: TestClient, vouching_house: House, issuing: IssuerSimulator
):
    signs_in(by_issuer)
    issuing.configure(says={"groups": ["kb-admins"]})
    signs_in(by_issuer)
    assert me(by_issuer)["role"] == "admin"
    people.change_role(vouching_house, "서연", "owner")
    people.change_role(vouching_house, "지민", "member")
    signs_in(by_issuer)
    assert me(by_issuer)["role"] == "owner"  # the last one stays
    people.change_role(vouching_house, "지민", "owner")
    issuing.configure(says={"groups": []})
    refused = signs_in(by_issuer)
    assert refused.status_code == 403
    assert "서연 is known to the issuer" in refused.text
    assert me(by_issuer)["code"] == "not_signed_in"


def test_nobody_is_let_in_for_a_name_and_none_who_is_not_invited(
    by_issuer: TestClient, vouching_house: House, issuing: IssuerSimulator
):
    issuing.configure(says={"preferred_username": "지민"})
    signs_in(by_issuer)
    assert (me(by_issuer)["name"], me(by_issuer)["role"]) == ("지민 (2)", "member")
    issuing.configure(auto="10003", says={})
    refused = signs_in(by_issuer)
    assert refused.status_code == 403
    assert "하은 is known to the issuer" in refused.text


def test_who_was_here_before_is_linked_by_himself_alone(by_issuer: TestClient, vouching_house: House):
    by_issuer.cookies.update(browser_of(vouching_house))
    assert by_issuer.get("/sign-in/issuer?link=1").status_code == 401
    page = by_issuer.get("/sign-in/link")
    assert page.status_code == 200
    where = page.text.split('href="/sign-in/issuer?link=')[1].split('"')[0]
    there = by_issuer.get(f"/sign-in/issuer?link={where}").headers["location"]
    back = build_opener(Stays).open(there, timeout=5).headers["location"]
    assert by_issuer.get(back).headers["location"] == "/settings?section=me"
    by_issuer.cookies.clear()
    signs_in(by_issuer)
    assert (me(by_issuer)["name"], me(by_issuer)["role"]) == ("지민", "owner")  # groups are not asked about him

    people.add(vouching_house, "유나", PASSWORD)
    with pytest.raises(SubjectTaken):
        vouched.link(vouching_house, "유나", {"sub": "10001"})
    vouched.unlink(vouching_house, "지민")
    vouched.link(vouching_house, "유나", {"sub": "10001"})
    assert [act.what for act in audit.page(vouching_house, OPERATOR, limit=2).acts] == ["link_person", "unlink_person"]


def test_without_a_password_nobody_is_unlinked(by_issuer: TestClient, vouching_house: House):
    signs_in(by_issuer)
    with pytest.raises(BadValue):
        vouched.unlink(vouching_house, "서연")
    with pytest.raises(LastOwner):
        people.remove(vouching_house, "지민")


def test_a_way_back_is_good_once_and_in_its_own_browser(by_issuer: TestClient, vouching_house: House):
    back = go(by_issuer)
    kept = by_issuer.cookies.get(door_issuer.COOKIE)
    state = parse_qs(urlsplit(back).query)["state"][0]
    for wrong in (
        "/sign-in/callback?code=x&state=y",
        "/sign-in/callback",
        f"/sign-in/callback?error=no&state={state}x",
    ):
        other = by_issuer.get(wrong, headers={"cookie": f"{door_issuer.COOKIE}={kept}"})
        assert (other.status_code, "no sign-in of this browser awaits it" in other.text) == (401, True)
    by_issuer.cookies.clear()
    assert by_issuer.get(back).status_code == 401  # somebody else's browser
    cookie = {"cookie": f"{door_issuer.COOKIE}={kept}"}
    assert by_issuer.get(back, headers=cookie).status_code == 303
    again = by_issuer.get(back, headers=cookie)
    assert (again.status_code, "used already" in again.text) == (401, True)
    failed = audit.page(vouching_house, OPERATOR, audit.Wanted(what=("sign_in_failed",))).acts
    assert {act.about["why"] for act in failed} == {"not_vouched"}


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "/\\evil.example", "/sign-in/callback"])
def test_it_goes_on_to_no_other_site(by_issuer: TestClient, wanted: str):
    assert signs_in(by_issuer, wanted).headers["location"] == "/"


def _now() -> int:
    return int(time.time())


WRONG: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "expired": (lambda: {"exp": _now() - 120, "iat": _now() - 500}, "the clocks differ"),
    "not yet": (lambda: {"nbf": _now() + 120}, "the clocks differ"),
    "made later": (lambda: {"iat": _now() + 120}, "the clocks differ"),
    "another audience": (lambda: {"aud": "another"}, "another application"),
    "several audiences": (lambda: {"aud": ["keybatch", "another"]}, "another application"),
    "another issuer": (lambda: {"iss": "https://evil.example"}, "another issuer"),
    "another nonce": (lambda: {"nonce": "of another"}, "another question"),
    "no nonce": (lambda: {"nonce": None}, "another question"),
    "no subject": (lambda: {"sub": None}, "signature"),
    "no end": (lambda: {"exp": None}, "signature"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_does_not_fit_is_refused_with_a_sentence(by_issuer: TestClient, issuing: IssuerSimulator, case: str):
    says, why = WRONG[case]
    issuing.configure(says=says())
    answer = signs_in(by_issuer)
    assert (answer.status_code, why in answer.text.replace("&#x27;", "'")) == (401, True), answer.text
    assert me(by_issuer)["code"] == "not_signed_in"


def test_clocks_may_differ_a_little(by_issuer: TestClient, issuing: IssuerSimulator):
    issuing.configure(says={"exp": _now() - 20, "iat": _now() + 20})
    assert signs_in(by_issuer).status_code == 303


def test_an_issuer_that_is_away_or_another_is_said(
    by_issuer: TestClient, vouching_house: House, issuing: IssuerSimulator
):
    issuing.configure(down=True)
    answer = by_issuer.get("/sign-in/issuer")
    assert (answer.status_code, "does not answer as it should" in answer.text) == (503, True)
    assert by_issuer.get("/api/v1/me", headers={"authorization": f"Bearer {issuing.token('10001')}"}).status_code == 503
    issuer._of.cache_clear()
    issuing.configure(down=False, called="https://other.example")
    assert "it calls itself otherwise" in by_issuer.get("/sign-in/issuer").text
    issuer._of.cache_clear()
    issuing.configure(called="", faults={"garbage": 1.0})
    assert by_issuer.get("/sign-in/issuer").status_code == 503
    assert by_issuer.post("/sign-in", data={"name": "지민", "password": PASSWORD}).status_code == 303


def test_a_refusal_of_the_issuer_is_said(by_issuer: TestClient, issuing: IssuerSimulator):
    issuing.configure(auto="nobody")
    answer = signs_in(by_issuer)
    assert (answer.status_code, "the issuer refused" in answer.text) == (401, True)
