"""What Prometheus reads: who may, in which format, and what is said while something is away."""

import asyncio
import threading
from dataclasses import replace

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as classic
from pydantic import SecretStr

from app.api.guard import Guard
from app.api.main import build_api
from app.services import batches
from app.services.house import open_house
from app.services.metrics import counted, written
from app.services.metrics.described import METRICS, series
from app.settings import Settings
from tests.face.api import HOME, Api, TestClient, token_of
from tests.store.working import read_everything

OPEN_METRICS = {"accept": "application/openmetrics-text; version=1.0.0"}


def values(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample, strictly parsed; none twice."""
    samples = [one for family in classic(text) for one in family.samples]
    found = {(one.name, tuple(sorted(one.labels.items()))): one.value for one in samples}
    assert len(found) == len(samples)
    return found


def test_who_may_read_them(api: Api):
    with_token = Settings(**{**api.house.settings.model_dump(), "metrics_token": SecretStr("long enough")})
    client = TestClient(Guard(build_api(replace(api.house, settings=with_token))), base_url=HOME)
    said = {
        token: client.get("/metrics", headers={"authorization": token})
        for token in (
            "", "Bearer long enough", "bearer long enough", "Bearer long", "Basic bG9uZyBlbm91Z2g=",
            f"Bearer {api.token}", f"Bearer {token_of(api.house, 'main', 'read', 'submit')}",
        )
    }  # fmt: skip
    assert [answer.status_code for answer in said.values()] == [401, 200, 200, 401, 401, 200, 403]
    assert said[""].headers["content-type"] == "application/problem+json"
    assert (said["Bearer long"].json()["code"], list(said.values())[-1].json()["code"]) == (
        "not_signed_in",
        "forbidden",
    )


def test_without_a_token_in_the_settings_an_empty_one_opens_nothing(api: Api):
    for offered in ("Bearer ", "Bearer", "Bearer  ", ""):
        assert api.client.get("/metrics", headers={"authorization": offered}).status_code == 401


def test_the_database_away_keeps_nobody_with_the_token_out(api: Api, tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/none/at/all.db", metrics_token=SecretStr("t"))
    house = open_house(settings)
    client = TestClient(Guard(build_api(house)), base_url=HOME)
    found = values(client.get("/metrics", headers={"authorization": "Bearer t"}).text)
    house.close()
    assert found["keybatch_up", (("part", "database"),)] == 0
    assert found["keybatch_up", (("part", "redis"),)] == 1
    assert not {
        name for name, _ in found if name.startswith(("keybatch_quota", "keybatch_batches", "keybatch_database"))
    }
    assert found["keybatch_trouble", (("code", "database_down"),)] == 1


def test_redis_away_leaves_out_what_it_would_have_told(api: Api, tmp_path):
    house = open_house(Settings(redis_url=f"unix://{tmp_path}/none.sock", metrics_token=SecretStr("t")))
    found = values(written.written(house, written.PARTS, "").decode())
    house.close()
    assert found["keybatch_up", (("part", "redis"),)] == 0
    away = ("keybatch_queue", "keybatch_workers", "keybatch_lookups", "keybatch_scheduler", "keybatch_rate_in_force")
    assert not {name for name, _ in found if name.startswith(away)}
    assert found["keybatch_batches", (("state", "queued"),)] == 0


def test_both_formats_are_read_strictly_and_say_the_same(api: Api):
    read_everything(api.house, batches.submit(api.house, ["a", "b"], ["wordfreq.ko"]).batch)
    counted.send(api.house.redis, {"lookups_total": {("wordfreq.ko", "ok"): 2}, "call_seconds": _calls(0.04, 0.3)})
    text = api.get("/metrics")
    assert text.headers["content-type"].startswith("text/plain")
    found = values(text.text)
    assert found["keybatch_lookups_total", (("source", "wordfreq.ko"), ("state", "ok"))] == 2
    assert found["keybatch_batches", (("state", "completed"),)] == 1
    answer = api.get("/metrics", headers=OPEN_METRICS)
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")
    names = {one.name for family in open_metrics(answer.text) for one in family.samples}
    assert {name for name, _ in found} - names == set()


def _calls(*seconds: float) -> counted.Fields:
    counts = counted.Counts()
    for one in seconds:
        counts.observe("call_seconds", one, "naver")
    return counts.taken()["call_seconds"]


def test_what_is_shown_is_described_with_these_labels_and_no_others(api: Api):
    counted.send(api.house.redis, {"call_seconds": _calls(0.001, 100)})
    shown = {(name, tuple(label for label, _ in labels)) for name, labels in values(api.get("/metrics").text)}
    described = {
        (name, tuple(sorted(labels))) for metric in METRICS.values() for name, labels in series(metric).items()
    }
    assert shown <= described


def test_a_histogram_adds_up(api: Api):
    for _ in range(2):
        counted.send(api.house.redis, {"call_seconds": _calls(0.01, 0.0101, 100)})
    found = values(api.get("/metrics?part=house").text)

    def upto(le: str) -> float:
        return found["keybatch_call_seconds_bucket", (("le", le), ("upstream", "naver"))]

    assert (upto("0.01"), upto("0.02"), upto("30.0"), upto("+Inf")) == (2, 4, 4, 6)
    assert found["keybatch_call_seconds_count", (("upstream", "naver"),)] == 6
    assert found["keybatch_call_seconds_sum", (("upstream", "naver"),)] == pytest.approx(200.0402)


def test_each_part_says_its_own_and_both_say_nothing_twice(api: Api):
    parts = {part: {name for name, _ in values(api.get(f"/metrics?part={part}").text)} for part in ("house", "process")}
    assert parts["house"] & parts["process"] == {
        "keybatch_up", "keybatch_redis_round_trip_seconds", "keybatch_database_round_trip_seconds",
    }  # fmt: skip
    assert {name for name, _ in values(api.get("/metrics").text)} >= parts["house"]
    assert api.get("/metrics?part=both").status_code == 422


def test_many_who_ask_at_once_are_one_look(api: Api, monkeypatch):
    looked = threading.Semaphore(0)
    real = written.collected
    monkeypatch.setattr(written, "collected", lambda *of: (looked.release(), real(*of))[1])
    looks = api.client.app._app.state.looks

    async def ask() -> set[tuple[bytes, str]]:
        return set(await asyncio.gather(*(looks.look(api.house, None, "") for _ in range(100))))

    assert len(asyncio.run(ask())) == 1
    assert looked.acquire(blocking=False)
    assert not looked.acquire(blocking=False)


def test_counting_never_raises(tmp_path):
    house = open_house(Settings(redis_url=f"unix://{tmp_path}/none.sock"))
    counted.send(house.redis, {"lookups_total": {("wordfreq.ko", "ok"): 1}})
    house.close()


def test_what_another_version_counted_with_other_labels_is_passed_over(api: Api):
    api.house.redis.hset(f"{counted.PREFIX}lookups_total", "only one", 7)
    assert ("keybatch_lookups_total", ()) not in values(api.get("/metrics").text)
