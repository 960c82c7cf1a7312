"""/rq: what its buttons do, and leave."""

from typing import Any

import pytest
from rq import Queue
from rq.job import Job

from app.queue import Slice, enqueue_probe
from app.services import activity, batches, control, healing, slices
from tests.face.api import Api
from tests.face.broken_jobs import QUEUE, SOURCE, Browser, run_out
from tests.store.working import take_lane


def test_what_broke_is_queued_again_as_the_next_run_and_put_down(api: Api, owner: Browser, broken: tuple[int, str]):
    batch, job = broken
    assert owner.send("POST", f"/rq/job/{job}/requeue", proof=True).json() == {"status": "OK"}
    assert Queue(QUEUE, connection=api.house.redis).job_ids == [Slice(batch, SOURCE, 0, 1, "").job_id]
    act = activity.listing(api.house, batch)[0]
    assert (act.what, act.who, act.about) == ("requeue", "지민", {"job": job, "source": SOURCE, "lane": 0})
    again = owner.send("POST", f"/rq/job/{job}/requeue", proof=True)
    assert (again.status_code, "has failed" in again.text) == (409, True)


def test_a_later_run_of_the_lane_is_what_is_queued(api: Api, owner: Browser, broken: tuple[int, str]):
    batch, job = broken
    lane = take_lane(api.house, batch, SOURCE, 0, 6)
    assert lane is not None
    refused = owner.send("POST", f"/rq/job/{job}/requeue", proof=True)
    assert (refused.status_code, "goes on by itself" in refused.text) == (409, True)
    slices.release(api.house, lane, 0, finished=False)
    Queue(QUEUE, connection=api.house.redis).empty()
    assert owner.send("POST", f"/rq/job/{job}/requeue", proof=True).status_code == 200
    assert [one.rpartition("-g")[2] for one in Queue(QUEUE, connection=api.house.redis).job_ids] == ["7"]
    assert not Job.exists(job, connection=api.house.redis), "what was broken is mended"
    assert [act.what for act in activity.listing(api.house, batch)] == ["requeue", "submit"]


@pytest.mark.parametrize("verb", [control.pause, control.cancel])
def test_what_rests_is_not_queued_again(api: Api, owner: Browser, broken: tuple[int, str], verb: Any):
    batch, job = broken
    verb(api.house, batch)
    refused = owner.send("POST", f"/rq/job/{job}/requeue", proof=True)
    assert (refused.status_code, "on its own page" in refused.text) == (409, True)
    every = owner.send("POST", f"/rq/requeue/{QUEUE}", proof=True).json()
    assert every == {"status": "OK", "count": 0, "stay": {"resting": 1}}
    assert Job.fetch(job, connection=api.house.redis).is_failed


def test_all_that_broke_is_queued_again_but_for_what_is_another_workspaces(
    api: Api, monkeypatch: pytest.MonkeyPatch, broken: tuple[int, str]
):
    batches.submit(api.house, ["c"], [SOURCE])
    run_out(api.house, monkeypatch)
    other = Browser(api, "남", "admin", "other")
    assert other.send("POST", f"/rq/requeue/{QUEUE}", proof=True).json()["count"] == 0
    rows = other.send("GET", f"/rq/0/data/jobs/{QUEUE}/failed/8/asc/1.json").json()["jobs"]
    assert [(row["id"], row["exc_info"], row["description"]) for row in rows] == [
        ("", None, f"Another workspace: {SOURCE}")
    ] * 2
    assert Browser(api).send("POST", f"/rq/requeue/{QUEUE}", proof=True).json()["count"] == 2
    assert Queue(QUEUE, connection=api.house.redis).count == 2


def test_a_probe_is_asked_again_only_while_its_account_is_halted(api: Api, owner: Browser):
    enqueue_probe(api.house.redis, "wordfreq/default")
    monkey = Queue("high-wordfreq", connection=api.house.redis)
    [job] = monkey.jobs
    monkey.empty()
    job.save()
    job.set_status(job.get_status().FAILED)
    refused = owner.send("POST", f"/rq/job/{job.id}/requeue", proof=True)
    assert refused.status_code == 409


def test_a_record_is_deleted_once_it_has_ended_and_its_work_goes_on(api: Api, owner: Browser, broken: tuple[int, str]):
    batch, job = broken
    assert owner.send("POST", f"/rq/job/{job}/delete", proof=True).json() == {"status": "OK"}
    assert not Job.exists(job, connection=api.house.redis)
    assert activity.listing(api.house, batch)[0].what == "discard"
    assert healing.heal(api.house) == 1
    [queued] = Queue(QUEUE, connection=api.house.redis).job_ids
    refused = owner.send("POST", f"/rq/job/{queued}/delete", proof=True)
    assert (refused.status_code, "Pause or cancel" in refused.text) == (409, True)
