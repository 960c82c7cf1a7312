"""/rq: who gets through to which of its views, and what they show."""

import re

import pytest
from rq.job import Job
from werkzeug.routing import Rule

from app.api.dashboard import CHANGES, CLOSED, SHOWS, build_dashboard
from app.services import dispatch, slices
from app.services.house import open_house
from app.settings import Settings
from tests.face.api import Api, api_over
from tests.face.broken_jobs import KEYWORD, QUEUE, SOURCE, Browser, run_out
from tests.store.working import take_lane

#: What views take, where a job or queue is named that is there.
GIVEN = {
    "instance_number": 0,
    "queue_name": QUEUE,
    "registry_name": "failed",
    "per_page": 8,
    "order": "asc",
    "page": 1,
    "filename": "css/main.css",
}


def rules() -> list[Rule]:
    house = open_house(Settings(redis_url="unix:///none.sock"))
    return list(build_dashboard(house).url_map.iter_rules())


def view_of(rule: Rule) -> str:
    return rule.endpoint.rpartition(".")[2]


def address(rule: Rule, job: str) -> str:
    path = re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: str({**GIVEN, "job_id": job}[found[1]]), rule.rule)
    return f"/rq{path}"


PEOPLE = [("", "", "main"), ("구경꾼", "viewer", "main"), ("일꾼", "member", "main")]


def test_every_view_there_is_is_known_and_those_that_write_are_not_among_those_that_show():
    known = {view_of(rule) for rule in rules()}
    assert known == SHOWS | CHANGES | CLOSED, "a view that this rq-dashboard has and nobody has decided on"
    for rule in rules():
        if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            assert view_of(rule) in CHANGES | CLOSED


@pytest.mark.parametrize("person", PEOPLE, ids="-".join)
def test_who_may_not(api: Api, broken: tuple[int, str], person: tuple[str, str, str]):
    who, expected = Browser(api, *person), 403 if person[0] else 401
    for rule in rules():
        path = address(rule, broken[1])
        assert who.send("GET", path).status_code == expected, path
        assert who.send("POST", path).status_code == expected, path
        assert who.send("POST", path, proof=True).status_code == expected, path
    assert Job.exists(broken[1], connection=api.house.redis)


@pytest.mark.parametrize("workspace", ["main", "other"])
def test_what_admins_may(api: Api, monkeypatch: pytest.MonkeyPatch, broken: tuple[int, str], workspace: str):
    who = Browser(api, f"관리자 {workspace}", "admin", workspace)
    for rule in rules():
        path, view = address(rule, broken[1]), view_of(rule)
        if view in CHANGES:
            dispatch.wake(api.house, broken[0])
            run_out(api.house, monkeypatch)
        away = workspace != "main" and "job_id" in rule.rule
        got = who.send("GET", path).status_code
        assert who.send("POST", path).status_code == 403, "no proof, no change"
        withal = who.send("POST", path, proof=True).status_code
        if view in SHOWS:
            # 308: the way round to an address without what it may leave out.
            assert (got in ((404,) if away else (200, 308)), withal) == (True, 405), path
        elif view in CHANGES:
            assert (got, withal) == (405, 404 if away else 200), path
        else:
            assert (got, withal) == (405, 403), path


def test_no_other_method_is_taken(api: Api, owner: Browser, broken: tuple[int, str]):
    for rule in rules():
        path = address(rule, broken[1])
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            assert owner.send(method, path).status_code == 403
            assert owner.send(method, path, proof=True).status_code in (308, 403, 405), path
    assert Job.exists(broken[1], connection=api.house.redis)


#: What is not there, and what the package would write into its scripts as it comes.
UNFIT = [
    "/rq/0/view/jobs/%27);alert(1);(%27/queued/8/asc/1",
    "/rq/0/view/jobs/default/<script>/8/asc/1",
    "/rq/0/view/jobs/default/queued/8/up/1",
    "/rq/0/view/jobs/default/queued/100000/asc/1",
    "/rq/0/data/jobs/default/queued/0/asc/1.json",
    "/rq/0/data/jobs/default/queued/8/asc/-1.json",
    "/rq/0/data/jobs/default/nowhere/8/asc/1.json",
    "/rq/0/data/job/nothing.json",
    "/rq/0/view/job/<b>",
    "/rq/1/view/queues",
    "/rq/nowhere",
    "/rq/static/../../web.py",
]


def test_what_is_not_there_or_does_not_fit_is_not_answered(owner: Browser):
    for path in UNFIT:
        answer = owner.send("GET", path)
        assert (answer.status_code, "alert(1)" in answer.text) == (404, False), path


def test_a_slices_job_says_what_it_is_about_and_never_a_keyword(api: Api, owner: Browser, broken: tuple[int, str]):
    batch, job = broken
    lane = take_lane(api.house, batch, SOURCE, 0, 1)
    assert lane is not None
    slices.claim(api.house, lane, 1)
    for path in (f"/rq/0/data/job/{job}.json", f"/rq/0/data/jobs/{QUEUE}/failed/8/asc/1.json"):
        text = owner.send("GET", path).text
        assert KEYWORD not in text
        for fact in (f"Batch {batch} ", "가을", SOURCE, "lane 0", "run 1"):
            assert fact in text
    said = owner.send("GET", f"/rq/0/data/job/{job}.json").json()
    assert said["batch"] == batch
    assert "RuntimeError" in said["exc_info"]
    assert "/batches/<%- d.batch %>" in owner.send("GET", f"/rq/0/view/job/{job}").text


def test_nothing_of_redis_is_shown_but_that_it_is_there(api: Api, owner: Browser):
    where = str(api.house.redis.connection_pool.connection_kwargs["path"])
    for rule in rules():
        if view_of(rule) in SHOWS and "filename" not in rule.rule and "job_id" not in rule.rule:
            text = owner.send("GET", address(rule, "")).text
            assert where not in text
            assert "://***" not in text


def test_the_pages_ask_no_other_host_and_send_the_proof(owner: Browser):
    for path in ("/rq/", "/rq/0/view/jobs", "/rq/0/view/workers"):
        page = owner.send("GET", path).text
        assert 'src="http' not in page
        assert 'stylesheet" href="http' not in page
        assert "X-CSRF-Token" in page


def test_without_redis_it_says_so(api: Api):
    folder = api.house.settings.data_dir
    house = open_house(Settings(data_dir=folder, redis_url=f"unix://{folder}/none.sock", database_url=""))
    with api_over(house) as other:
        for path in ("/rq/", "/rq/0/data/queues.json", "/rq/0/view/workers", "/rq/0/data/workers.json"):
            answer = Browser(other).send("GET", path)
            assert (answer.status_code, "Redis" in answer.text) == (503, True), path
    house.close()
