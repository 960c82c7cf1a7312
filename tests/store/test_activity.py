"""What is put down of a batch: who did what, and what came over it by itself, each in the transaction of the change."""

import pytest

from app import clock
from app.errors import BadValue, KeybatchError, NoSuchBatch
from app.models.people import MAIN
from app.services import activity, batches, control, dispatch, healing, naming, slices, waits
from app.services.activity import CLI, HOUSE
from app.services.callers import MAY, Caller
from app.services.house import House
from app.services.waits import Waiting
from tests.store.test_control import EN, KO, failed, first_lane, submitted, work
from tests.store.working import read_everything

JIMIN = "지민"
HIM = Caller(MAIN, MAY["member"], JIMIN, person=1, peer="192.0.2.7")
HOUR_MS = 3_600_000


def told(house: House, batch: int) -> list[tuple[str, str]]:
    return [(act.who, act.what) for act in activity.listing(house, batch)][::-1]


def about(house: House, batch: int, what: str) -> dict[str, object]:
    return next(dict(act.about) for act in activity.listing(house, batch) if act.what == what)


def test_every_verb_is_put_down_once_with_who_did_it(house: House):
    batch = submitted(house, 3, who=HIM)
    for verb in (control.pause, control.pause, control.resume, control.resume, control.cancel, control.cancel):
        verb(house, batch, who=HIM)
    again = control.rerun(house, batch, who=Caller(MAIN, MAY["member"], "a token", token=7))
    assert told(house, batch) == [
        (JIMIN, "submit"), (JIMIN, "pause"), (JIMIN, "resume"), (JIMIN, "cancel"), ("a token", "rerun"),
    ]  # fmt: skip
    assert about(house, batch, "submit") == {"items": 3, "sources": 1}
    assert about(house, batch, "cancel") == {"by": "person"}
    assert about(house, batch, "rerun") == {"batch": again.id, "by_token": 7}
    assert [act.peer for act in activity.listing(house, batch)] == ["", *["192.0.2.7"] * 4]
    assert about(house, again.id, "submit")["rerun_of"] == batch


def later(monkeypatch: pytest.MonkeyPatch, ms: int) -> None:
    """Let it be so much later from now on."""
    at = clock.now_ms() + ms
    monkeypatch.setattr(clock, "now_ms", lambda: at)


def test_the_command_line_and_the_house_have_names_of_their_own(house: House, monkeypatch: pytest.MonkeyPatch):
    batch = submitted(house, 1, deadline_at=clock.now_ms() + HOUR_MS)
    later(monkeypatch, 2 * HOUR_MS)
    control.expire(house, batch)
    assert told(house, batch) == [(CLI, "submit"), (HOUSE, "cancel")]
    assert about(house, batch, "cancel") == {"by": "deadline"}


def test_a_retry_says_how_many_and_an_end_how_many_failed(house: House):
    batch = submitted(house, 4)
    work(house, batch, {(KO, 1): "unreachable", (KO, 3): "rejected"})
    assert told(house, batch)[1:] == [(HOUSE, "completed")]
    assert about(house, batch, "completed") == {"failed": 2}
    control.retry(house, batch, error="rejected", who=HIM)
    assert about(house, batch, "retry") == {
        "lookups": 1,
        "error": "rejected",
        "source": "",
        "filters": [],
        "q": "",
    }
    read_everything(house, batch)
    assert about(house, batch, "completed") == {"failed": 1}


def test_what_is_refused_is_not_put_down(house: House):
    batch = submitted(house, 1)
    for refused in (control.rerun, control.retry):
        with pytest.raises(KeybatchError):
            refused(house, batch, who=HIM)
    assert told(house, batch) == [(CLI, "submit")]


def halt(house: House, batch: int, source: str, reason: str, minutes: int = 60) -> None:
    until = clock.now_ms() + minutes * 60_000
    with house.db.work() as work:
        batches.look(work.connection, batch)
        waits.wait(work.connection, batch, source, Waiting(reason, until, "quota_spent", ""))


def test_a_wait_is_put_down_once_for_all_sources_of_an_account_and_so_is_its_end(house: House):
    batch = submitted(house, 3, (KO, EN))  # both are of one account
    for source in (KO, EN, KO):
        halt(house, batch, source, "quota")
    assert told(house, batch)[1:] == [(HOUSE, "waiting")]
    wait = about(house, batch, "waiting")
    assert (wait["account"], wait["reason"]) == ("wordfreq/default", "quota")
    assert isinstance(wait["until"], int)
    waits.end(house, batch, KO)
    waits.end(house, batch, EN)
    assert told(house, batch)[1:] == [(HOUSE, "waiting"), (HOUSE, "running")]
    halt(house, batch, KO, "quota")  # again at once: no news
    assert len(told(house, batch)) == 3
    halt(house, batch, KO, "credentials")
    assert told(house, batch)[-1] == (HOUSE, "waiting")


def test_the_end_of_a_wait_is_put_down_by_whoever_goes_on_first(house: House, monkeypatch: pytest.MonkeyPatch):
    batch = submitted(house, 3)
    halt(house, batch, KO, "throttled", minutes=1)
    later(monkeypatch, HOUR_MS)
    assert first_lane(house, batch)
    healing.heal(house)
    assert told(house, batch)[1:] == [(HOUSE, "waiting"), (HOUSE, "running")]


def test_a_change_that_is_taken_back_takes_what_was_put_down_along(house: House):
    batch = submitted(house, 1)

    def half_way() -> None:
        with house.db.work() as work:
            activity.add(work.connection, MAIN, batch, JIMIN, "pause")
            raise NoSuchBatch(batch=batch)  # anything that goes wrong after it

    with pytest.raises(NoSuchBatch):
        half_way()
    assert told(house, batch) == [(CLI, "submit")]


def test_acts_are_paged_newest_first(house: House):
    batch, other = submitted(house, 1), submitted(house, 1)
    for n in range(7):
        naming.rename(house, batch, f"name {n}", who=HIM)
    first = activity.listing(house, batch, limit=5)
    rest = activity.listing(house, batch, limit=5, before=first[-1].id)
    assert [act.about["name"] for act in first] == [f"name {n}" for n in (6, 5, 4, 3, 2)]
    assert [act.what for act in rest] == ["rename", "rename", "submit"]
    assert (activity.count(house, batch), activity.count(house, other)) == (8, 1)


def test_a_batch_is_renamed_on_one_line_and_within_its_length(house: House):
    batch = submitted(house, 1)
    assert naming.rename(house, batch, "  <script>\nalert(1) ", who=HIM) == "<script> alert(1)"
    assert len(naming.rename(house, batch, "이름" * 2_500)) == batches.MAX_NAME
    assert batches.get(house, batch).name == "이름" * 100
    before = activity.count(house, batch)
    naming.rename(house, batch, "이름" * 100)
    assert activity.count(house, batch) == before  # it is called so already
    with pytest.raises(BadValue):
        naming.rename(house, batch, " \t\0 ")
    with pytest.raises(NoSuchBatch):
        naming.rename(house, 999, "x")


def test_tags_come_and_go_each_once(house: House):
    batch = submitted(house, 1, tags=["가을"])
    for word in ("블로그팀", "블로그팀", "가을"):
        naming.tag(house, batch, word, who=HIM)
    assert batches.get(house, batch).tags == ("가을", "블로그팀")
    for word in ("가을", "가을", "없음"):
        naming.untag(house, batch, word, who=HIM)
    assert batches.get(house, batch).tags == ("블로그팀",)
    assert told(house, batch)[1:] == [(JIMIN, "tag"), (JIMIN, "untag")]
    for wrong in ("", "x" * 51):
        with pytest.raises(BadValue):
            naming.tag(house, batch, wrong)
    for n in range(batches.MAX_TAGS - 1):
        naming.tag(house, batch, f"tag {n}")
    with pytest.raises(BadValue):
        naming.tag(house, batch, "one more")


def test_a_slice_that_fails_writes_no_activity_of_its_own(house: House):
    batch = submitted(house, 2)
    lane = first_lane(house, batch)
    desk = slices.claim(house, lane, 7)
    slices.flush(house, lane, [failed(desk[0])], 1)
    assert told(house, batch) == [(CLI, "submit")]
    with house.db.read() as connection:
        assert dispatch.pieces(connection, batch) == []
