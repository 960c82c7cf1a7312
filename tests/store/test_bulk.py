"""One verb for many batches, on both databases."""

from typing import get_args
from unittest import mock

import pytest
from sqlalchemy import update

from app.errors import BadValue, DatabaseDown, Forbidden, NoSuchBatch, WrongState
from app.models.people import MAIN
from app.models.tables import batch as table
from app.services import batches, bulk, control, slices
from app.services.callers import MAY, Caller
from app.services.house import House
from app.services.shapes import BatchState, BatchView
from tests.store.test_control import failed, first_lane
from tests.store.test_listing import made

WHO = Caller(MAIN, MAY["member"], "지민", person=1)
STATES: tuple[BatchState, ...] = get_args(BatchState)


def in_state(house: House, state: str, **columns: object) -> int:
    return made(house, state, state=state, **columns)


def with_a_failure(house: House) -> int:
    batch = made(house, "fails")
    lane = first_lane(house, batch)
    found = slices.claim(house, lane, 10)
    slices.flush(house, lane, [failed(one) for one in found], len(found))
    slices.release(house, lane, len(found), finished=True)
    return batch


def look(house: House, batch: int) -> BatchView:
    return batches.get(house, batch)


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel", "retry"])
def test_what_is_told_before_is_what_happens(house: House, verb: bulk.Verb) -> None:
    ids = {in_state(house, state): state for state in STATES} | {with_a_failure(house): "completed"}
    weighed = bulk.weigh(house, WHO, verb, list(ids))
    before = {batch: look(house, batch) for batch in ids}

    done = bulk.do(house, WHO, verb, [batch for batch, _ in weighed.fit])

    assert set(done.done) == {batch for batch, _ in weighed.fit}
    assert done.refused == ()
    changed = {batch for batch in ids if look(house, batch) != before[batch]}
    assert changed == set(done.done)
    assert all(ids[batch] == state for batch, state in weighed.fit)
    assert len(weighed.fit) + sum(weighed.others.values()) == len(ids)


def test_those_that_it_does_nothing_to_are_counted_by_the_reason(house: House) -> None:
    states = ["running", "running", "waiting", "paused", "completed", "completed", "cancelled"]
    ids = [in_state(house, state) for state in states]
    weighed = bulk.weigh(house, WHO, "pause", [*ids, *ids, 9_999])
    assert weighed.by_state == {"running": 2, "waiting": 1}
    assert weighed.others == {"paused": 1, "completed": 2, "cancelled": 1, "gone": 1}
    failing = with_a_failure(house)
    weighed = bulk.weigh(house, WHO, "retry", [*ids, failing])
    assert weighed.fit == ((failing, "completed"),)
    assert weighed.others == {"unfailed": 6, "cancelled": 1}


def test_one_that_refuses_does_not_stop_the_others(house: House) -> None:
    first, ended, last = in_state(house, "running"), in_state(house, "completed"), in_state(house, "queued")
    done = bulk.do(house, WHO, "pause", [first, ended, 9_999, last])
    assert done.done == (first, last)
    assert [(one.batch, type(one.error)) for one in done.refused] == [(ended, WrongState), (9_999, NoSuchBatch)]
    assert [look(house, one).state for one in (first, ended, last)] == ["paused", "completed", "paused"]


def test_batches_of_another_workspace_are_not_there(house: House) -> None:
    mine, theirs = in_state(house, "running"), in_state(house, "running", workspace_id=MAIN + 1)
    assert bulk.weigh(house, WHO, "cancel", [mine, theirs]).others == {"gone": 1}
    for verb in bulk.VERBS:
        done = bulk.do(house, WHO, verb, [theirs], "가을")
        assert done.done == ()
        assert isinstance(done.refused[0].error, NoSuchBatch)
    assert (look(house, theirs).state, look(house, theirs).tags) == ("running", ())


def test_who_may_only_look_changes_nothing(house: House) -> None:
    viewer, batch = Caller(MAIN, MAY["viewer"], "구경꾼", person=2), in_state(house, "running")
    for verb in bulk.VERBS:
        with pytest.raises(Forbidden):
            bulk.weigh(house, viewer, verb, [batch])
        with pytest.raises(Forbidden):
            bulk.do(house, viewer, verb, [batch], "가을")
    assert look(house, batch).state == "running"


def test_a_database_that_goes_away_refuses_the_rest_and_forgets_nothing_done(house: House) -> None:
    ids = [in_state(house, "running") for _ in range(4)]
    away = DatabaseDown(where="there", why="gone.")
    real = control.pause
    with mock.patch.object(control, "pause", side_effect=[real(house, ids[0]), away]) as asked:
        done = bulk.do(house, WHO, "pause", ids)
    assert asked.call_count == 2, "nobody waits for it again and again"
    assert done.done == (ids[0],)
    assert [one.batch for one in done.refused] == ids[1:]


def test_no_more_than_a_thousand_at_once(house: House) -> None:
    weighed = bulk.weigh(house, WHO, "pause", range(1, 5_000))
    assert weighed.others == {"gone": bulk.MOST}


def test_tags_are_put_on_and_taken_off(house: House) -> None:
    plain, tagged = made(house, "plain"), made(house, "tagged", tags=("가을", "세일"))
    weighed = bulk.weigh(house, WHO, "tag", [plain, tagged], "가을")
    assert (weighed.fit, weighed.others) == (((plain, "queued"),), {"tagged": 1})
    bulk.do(house, WHO, "tag", [plain, tagged], " 가을 ")
    assert (look(house, plain).tags, look(house, tagged).tags) == (("가을",), ("가을", "세일"))
    weighed = bulk.weigh(house, WHO, "untag", [plain, tagged], "세일")
    assert (weighed.fit, weighed.others) == (((tagged, "queued"),), {"untagged": 1})
    bulk.do(house, WHO, "untag", [plain, tagged], "세일")
    assert (look(house, plain).tags, look(house, tagged).tags) == (("가을",), ("가을",))


def test_a_tag_too_many_or_too_long_is_refused_and_the_others_stay(house: House) -> None:
    full = made(house, "full", tags=tuple(f"t{n}" for n in range(batches.MAX_TAGS)))
    done = bulk.do(house, WHO, "tag", [full], "more")
    assert isinstance(done.refused[0].error, BadValue)
    assert isinstance(bulk.do(house, WHO, "tag", [full], "x" * (batches.MAX_TAG + 1)).refused[0].error, BadValue)
    assert len(look(house, full).tags) == batches.MAX_TAGS


def test_a_batch_that_ended_meanwhile_is_refused_though_it_was_weighed(house: House) -> None:
    batch = in_state(house, "running")
    assert bulk.weigh(house, WHO, "cancel", [batch]).fit == ((batch, "running"),)
    with house.db.work() as work:
        work.connection.execute(update(table).where(table.c.id == batch).values(state="completed"))
    assert isinstance(bulk.do(house, WHO, "cancel", [batch]).refused[0].error, WrongState)
