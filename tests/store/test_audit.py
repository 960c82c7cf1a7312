"""The audit: every change is put down with who made it and from where, in the transaction of the change, and never with
a secret."""

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from app import clock
from app.errors import BadValue, Forbidden, LastOwner, TooFast, WrongPassword
from app.models.people import MAIN
from app.services import (
    activity,
    attempts,
    audit,
    deliveries,
    derived,
    keeping,
    passwords,
    people,
    saved,
    sessions,
    tokens,
    webhooks,
)
from app.services.audit import Wanted
from app.services.callers import MAY, OPERATOR, Caller
from app.services.house import House
from app.services.people import PersonView
from app.vault import new_key
from tests.stage import environment
from tests.store.test_control import submitted

FAR, PASSWORD = "192.0.2.7", "a sentence of one's own"
SERVICES = Path(__file__).parents[2] / "app" / "services"
#: What writes without an act, and why that is no change that somebody makes.
SILENT = {
    "attempts.failed": "puts down a sign-in that failed",
    "halts": "an account rests because of what its upstream said; the batches' waits are put down",
    "healing": "restores what is so already",
    "slices": "readings, in the journal of their batch",
    "posting": "messages that are sent, in the log of deliveries",
    "pulse": "counts of readings",
    "control.settle": "ends what a cancel has begun",
    "people.known": "hashes a password anew that was right",
    "restoring": "a backup is put into an empty house",
    "retention._step": "one small step of clearing a batch away, which is put down once for all of it",
    "sessions._seen": "when a session was used last",
    "tokens._used": "when a token was used last",
}


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch):
    """Passwords are hashed with less work."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def settings_of(settings_of: dict[str, str]) -> Iterator[dict[str, str]]:
    """With a key that seals."""
    with environment({**settings_of, "KEYBATCH_ENCRYPTION_KEY": new_key()}):
        yield settings_of


def boss(house: House) -> Caller:
    """The owner, who comes from far away."""
    made: PersonView = people.add(house, "지민", PASSWORD)
    return Caller(MAIN, MAY[made.role], made.name, person=made.id, peer=FAR)


def acts(house: House, **wanted: object) -> list[tuple[str, str, str]]:
    """Who did what from where, the oldest first."""
    found = audit.page(house, OPERATOR, Wanted(**wanted), limit=200).acts  # type: ignore[arg-type]
    return [(act.who, act.what, act.peer) for act in found][::-1]


def test_people_sessions_and_tokens_are_put_down_with_where_it_came_from(house: House):
    owner = boss(house)
    people.add(house, "유나", PASSWORD, "viewer", by=owner)
    people.change_role(house, "유나", "member", by=owner)
    people.change_role(house, "유나", "member", by=owner)  # she is so already
    opened = sessions.sign_in(house, "유나", PASSWORD, "192.0.2.9")
    sessions.end_marked(house, "유나", opened.person.session, by=owner)
    number, _ = tokens.create(house, owner, "nightly", ["read"])
    tokens.revoke(house, owner, number)
    tokens.revoke(house, owner, number)
    again = sessions.sign_in(house, "유나", PASSWORD, "192.0.2.9")
    sessions.end(house, again.secret, "192.0.2.9")
    sessions.end(house, again.secret, "192.0.2.9")
    people.change_password(house, "유나", PASSWORD + "!", by=owner)
    people.remove(house, "유나", by=owner)

    done = ["add_person", "change_role", "end_session", "make_token", "revoke_token", "change_password"]
    assert acts(house) == [
        ("cli", "add_person", ""),
        *[("지민", what, FAR) for what in done[:2]],
        ("유나", "sign_in", "192.0.2.9"),
        *[("지민", what, FAR) for what in done[2:5]],
        ("유나", "sign_in", "192.0.2.9"),
        ("유나", "sign_out", "192.0.2.9"),
        *[("지민", what, FAR) for what in (done[5], "remove_person")],
    ]


def test_webhooks_accounts_sources_columns_and_views_are_put_down_without_a_secret(house: House):
    owner = boss(house)
    batch = submitted(house, 1, who=owner)
    made, secret = webhooks.create(house, owner, "https://hooks.example/kb?key=verysecretkey")
    webhooks.change(house, owner, made["id"], description="new")
    _, other = webhooks.rotate(house, owner, made["id"])
    deliveries.resend(house, owner, deliveries.test(house, owner, made["id"])["id"])
    webhooks.remove(house, owner, made["id"])
    given = {"client_id": "an-id-of-naver", "client_secret": "verysecretsecret"}
    keeping.put_account(house, "naver", "team", given, by=owner)
    keeping.checked(house, "naver/team", "bad_credentials", by=owner)
    keeping.remove_account(house, "naver/team", by=owner)
    derived.change(house, batch, [], who=owner)
    saved.keep(house, owner, "view", "mine", {"q": "verysecretkeyword"})
    saved.forget(house, owner, "view", "mine")

    told = audit.page(house, owner, limit=200).acts
    assert [act.what for act in told][::-1] == [
        *("add_person", "submit", "make_webhook", "change_webhook", "rotate_webhook", "test_webhook", "resend"),
        *("remove_webhook", "keep_account", "test_account", "remove_account", "columns", "keep_saved", "forget_saved"),
    ]
    assert {(act.who, act.peer) for act in told[:-1]} == {("지민", FAR)}
    written = "\n".join(str(audit.wire(act)) for act in told)
    assert not [word for word in ("verysecret", "an-id-of", secret, other, PASSWORD) if word in written]


def test_what_is_refused_is_not_put_down(house: House):
    owner = boss(house)
    for refused in (people.remove, lambda *a, **k: people.change_role(*a, "viewer", **k)):
        with pytest.raises(LastOwner):
            refused(house, "지민", by=owner)
    assert [what for _, what, _ in acts(house)] == ["add_person"]


def test_sign_ins_that_fail_are_counted_and_fill_no_table(house: House, monkeypatch: pytest.MonkeyPatch):
    boss(house)
    for name, peer in [("지민", FAR)] * 3 + [("hunter2-is-my-password", FAR), ("another", FAR), ("지민", "192.0.2.8")]:
        with pytest.raises(WrongPassword):
            sessions.sign_in(house, name, "not it at all", peer)
    found = audit.page(house, OPERATOR, Wanted(what=(attempts.FAILED,))).acts
    assert [(act.who, act.peer, act.about["count"]) for act in found] == [
        ("지민", "192.0.2.8", 1), ("anyone", FAR, 2), ("지민", FAR, 3),
    ]  # fmt: skip

    now = clock.now_ms() + activity.MINUTE_MS
    monkeypatch.setattr(clock, "now_ms", lambda: now)
    with pytest.raises(WrongPassword):
        sessions.sign_in(house, "지민", "not it at all", FAR)
    assert len(acts(house, what=(attempts.FAILED,))) == 4
    for n in range(12):
        with pytest.raises(WrongPassword if n < 10 else TooFast):
            sessions.sign_in(house, "nobody", "not it at all", "192.0.2.10")
    assert len(acts(house, what=(attempts.FAILED,))) == 5


def test_others_who_try_a_name_do_not_keep_out_whom_it_belongs_to(house: House):
    boss(house)
    sessions.sign_in(house, "지민", PASSWORD, FAR)
    for n in range(10):
        with pytest.raises(WrongPassword if n < 9 else TooFast):
            sessions.sign_in(house, "지민", "not it at all", f"198.51.100.{n}")
    assert sessions.sign_in(house, "지민", PASSWORD, FAR).person.name == "지민"
    with pytest.raises(TooFast) as refused:
        sessions.sign_in(house, "지민", PASSWORD, "198.51.100.99")
    assert 1 <= int(str(refused.value.facts["after"])) <= 60


def test_the_audit_is_paged_filtered_and_of_one_workspace_for_who_may_manage_it(house: House):
    owner = boss(house)
    for n in range(5):
        tokens.create(house, owner, f"t{n}")
    people.add(house, "먼 사람", PASSWORD, "owner", "elsewhere")
    far = people.as_caller(house, "먼 사람")
    first = audit.page(house, owner, limit=4)
    rest = audit.page(house, owner, before=first.next, limit=4)
    assert len(first.acts) == 4
    assert (len(rest.acts), rest.next) == (2, None)
    assert [act.about["person"] for act in audit.page(house, far).acts] == ["먼 사람"]
    assert len(acts(house, who="지민", what=("make_token",))) == 5
    assert acts(house, until=1) == acts(house, since=clock.now_ms() + 1) == acts(house, batch=1) == []
    with pytest.raises(Forbidden):
        audit.page(house, Caller(MAIN, MAY["member"]))
    with pytest.raises(BadValue):
        audit.page(house, owner, Wanted(what=("nonsense",)))


def test_it_is_taken_as_csv_that_no_spreadsheet_runs(house: House):
    owner = boss(house)
    people.add(house, "=cmd()", PASSWORD)
    spy = Caller(MAIN, MAY["admin"], "=cmd()", person=2, peer=FAR)
    tokens.create(house, spy, "t")
    lines = b"".join(audit.taken(house, owner)).decode().split("\r\n")
    assert lines[0] == "id,at,who,what,batch,from,about"
    assert lines[1].split(",")[2:4] == ["'=cmd()", "make_token"]
    assert acts(house)[-1] == ("지민", "export", FAR)


def functions(module: Path) -> Iterator[tuple[str, set[str]]]:
    """The functions of a module that write, each with all that it and those of the module it calls mention."""
    tree = ast.parse(module.read_text())
    found = {one.name: {*_mentioned(one)} for one in tree.body if isinstance(one, ast.FunctionDef)}
    for name, said in found.items():
        if "db.work" not in said:
            continue
        reached = said
        for _ in found:
            reached = reached.union(*(found[other] for other in reached if other in found))
        yield name, reached


def _mentioned(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            yield node.id
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node).removeprefix("house.")


def test_no_service_that_writes_has_forgotten_to_put_it_down():
    silent, known = [], set()
    for module in sorted(SERVICES.glob("*.py")):
        for name, said in functions(module):
            puts_down = any(word.startswith(("activity.", "attempts.")) for word in said)
            excuse = {module.stem, f"{module.stem}.{name}"} & {*SILENT}
            known |= excuse
            if not puts_down and not excuse:
                silent.append(f"{module.stem}.{name}")
    assert silent == []
    assert known == {*SILENT}  # no excuse outlives what it was for


def test_every_act_that_is_written_is_one_of_the_vocabulary():
    written = {
        text
        for module in SERVICES.glob("*.py")
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("activity.by", "activity.came", "_put_down"))
        for text in itertools.chain(
            one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
        )
    }
    assert written <= {*activity.VERBS}, written - {*activity.VERBS}
