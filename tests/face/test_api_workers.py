"""Who works and what waits, over HTTP."""

from rq import Queue, Worker
from rq.job import Job

from app.services import batches
from app.services.house import open_house
from app.settings import Settings
from tests.face.api import Api, api_over
from workers.schedule import Chores


def busy(api: Api, job: Job) -> Worker:
    worker = Worker(["high-wordfreq", "default-wordfreq"], connection=api.house.redis, name="w1")
    worker.register_birth()
    worker.set_state("busy")
    worker.set_current_job_id(job.id)
    return worker


def test_workers_queues_and_schedulers_are_told(api: Api):
    batch = batches.submit(api.house, ["맥북"], ["wordfreq.ko"], name="가을").batch
    [job] = Queue("default-wordfreq", connection=api.house.redis).jobs
    worker = busy(api, job)
    scheduler = Chores(connection=api.house.redis, name="s1")
    scheduler.register_birth()
    scheduler.heartbeat()

    answer = api.get("/api/v1/workers")

    assert answer.status_code == 200, answer.text
    said = answer.json()
    [one] = said["workers"]
    assert (one["name"], one["state"], one["batch"], one["source"]) == ("w1", "busy", batch, "wordfreq.ko")
    assert "가을" in one["doing"]
    assert one["queues"] == ["high-wordfreq", "default-wordfreq"]
    assert one["since"].endswith("Z")
    assert {"name": "default-wordfreq", "waiting": 1, "running": 0, "failed": 0} in said["queues"]
    assert [one["name"] for one in said["schedulers"]] == ["s1"]
    worker.register_death()


def test_another_workspace_s_batch_is_not_told(api: Api):
    batches.submit(api.house, ["맥북"], ["wordfreq.ko"], name="비밀")
    [job] = Queue("default-wordfreq", connection=api.house.redis).jobs
    worker = busy(api, job)

    answer = api.as_of("other", "read").get("/api/v1/workers")

    [one] = answer.json()["workers"]
    assert (one["batch"], one["doing"], one["source"]) == (None, None, "wordfreq.ko")
    assert "비밀" not in answer.text
    worker.register_death()


def test_nobody_is_told_as_nobody(api: Api):
    assert api.get("/api/v1/workers").json() == {"workers": [], "queues": [], "schedulers": []}
    assert api.client.get("/api/v1/workers").status_code == 401


def test_without_redis_it_says_so(api: Api):
    folder = api.house.settings.data_dir
    settings = Settings(data_dir=folder, redis_url=f"unix://{folder}/none.sock", database_url="")
    house = open_house(settings)
    with api_over(house) as other:
        answer = other.get("/api/v1/workers")
    house.close()

    assert (answer.status_code, answer.json()["code"]) == (503, "redis_down")
