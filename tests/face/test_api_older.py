"""The older batch guide: what its clients send, and what they get, word for word."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import redis

from app.api.schemas.older import JobError, JobMade, JobStatus
from app.db.migrate import upgrade
from app.services import batches, control, slices
from app.services.house import open_house
from app.services.lanes import Outcome
from app.settings import Settings
from app.sources.base import Reading
from tests.face.api import Api, api_over
from tests.stage import environment
from tests.store.working import NOW, lanes, take_lane

SOURCES = "wordfreq.ko,wordfreq.en"
BATCH, STATUS = "/api/documents/batch", "/api/documents/status"


@pytest.fixture
def opened(tmp_path: Path, valkey: redis.Redis, settings_of: dict[str, str]) -> Iterator[Callable[..., Api]]:
    with ExitStack() as stack:

        def build(**settings: Any) -> Api:
            chosen = Settings(data_dir=tmp_path, database_url="", **{"older_sources": SOURCES, **settings})
            upgrade(chosen)
            house = open_house(chosen)
            stack.callback(house.close)
            return stack.enter_context(api_over(house))

        yield build


@pytest.fixture
def older(opened: Callable[..., Api]) -> Api:
    return opened()


def submit(api: Api, *keywords: str) -> str:
    answer = api.post(BATCH, json={"keywords": keywords})
    assert answer.status_code == 200, answer.text
    JobMade.model_validate(answer.json())
    return str(answer.json()["jobId"])


def job(api: Api, job_id: str) -> dict[str, Any]:
    answer = api.get(STATUS, params={"jobId": job_id})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    said: dict[str, Any] = answer.json()
    JobStatus.model_validate(said)
    assert said["success"] is True
    assert said["job"]["id"] == job_id
    return dict(said["job"])


def read(api: Api, job_id: str, source: str, *found: Reading) -> None:
    """Let ``source`` answer for the first keywords."""
    [(number, generation)] = [(n, g) for name, n, g in lanes(api.house, int(job_id)) if name == source]
    lane = take_lane(api.house, int(job_id), source, number, generation + 1)
    assert lane is not None
    lookups = slices.resume(api.house, lane) or slices.claim(api.house, lane, len(found))
    outcomes = [
        Outcome(one.position, said, NOW, attempts=1, error="unreachable" if said.state == "failed" else "")
        for one, said in zip(lookups, found, strict=False)
    ]
    slices.flush(api.house, lane, outcomes, len(outcomes))
    slices.release(api.house, lane, len(outcomes), finished=len(outcomes) == len(lookups))


def test_a_job_from_the_first_request_to_the_last(older: Api):
    job_id = submit(older, "맥북", "우산", "맥북", "커피")
    assert job(older, job_id) == {
        "id": job_id, "status": "pending", "progress": {"current": 0, "total": 3}, "results": [],
    }  # fmt: skip

    read(older, job_id, "wordfreq.ko", Reading("ok", 12_543), Reading("ok", 0), Reading("below", upper=10))
    half = job(older, job_id)
    assert (half["status"], half["progress"], half["results"]) == ("processing", {"current": 0, "total": 3}, [])

    read(older, job_id, "wordfreq.en", Reading("ok", 1.5), Reading("missing"), Reading("failed"))
    assert job(older, job_id) == {
        "id": job_id,
        "status": "completed",
        "progress": {"current": 3, "total": 3},
        "results": [
            {"keyword": "맥북", "counts": {"ko": 12_543, "en": 1.5}},
            {"keyword": "우산", "counts": {"ko": 0, "en": None}, "states": {"en": "missing"}},
            {"keyword": "커피", "counts": {"ko": None, "en": None}, "states": {"ko": "below", "en": "failed"}},
        ],
    }


def test_what_is_done_is_told_while_the_rest_is_asked(older: Api):
    job_id = submit(older, "맥북", "우산")
    read(older, job_id, "wordfreq.ko", Reading("ok", 1.0), Reading("ok", 2.0))
    read(older, job_id, "wordfreq.en", Reading("ok", 3.0))

    now = job(older, job_id)

    assert (now["status"], now["progress"]["current"]) == ("processing", 1)
    assert now["results"] == [{"keyword": "맥북", "counts": {"ko": 1, "en": 3}}]


def test_a_cancelled_job_has_failed_and_says_what_was_not_asked(older: Api):
    job_id = submit(older, "맥북")
    read(older, job_id, "wordfreq.ko", Reading("ok", 1.0))
    control.cancel(older.house, int(job_id))

    now = job(older, job_id)

    assert (now["status"], now["progress"]) == ("failed", {"current": 0, "total": 1})
    assert now["results"] == [{"keyword": "맥북", "counts": {"ko": 1, "en": None}, "states": {"en": "cancelled"}}]


def test_keywords_come_back_as_they_were_typed_and_in_their_order(older: Api):
    job_id = submit(older, "  b ", "ａ", "b")
    control.cancel(older.house, int(job_id))

    assert [one["keyword"] for one in job(older, job_id)["results"]] == ["  b ", "ａ"]


def test_what_is_shown_to_nobody_is_no_number(older: Api, settings_of: dict[str, str]):
    job_id = submit(older, "맥북")
    for source in SOURCES.split(","):
        read(older, job_id, source, Reading("ok", 1.0))
    with environment({**settings_of, "KEYBATCH_WORDFREQ_VISIBLE_TO": "nobody"}):
        [one] = job(older, job_id)["results"]

    assert one["counts"] == {"ko": None, "en": None}
    assert set(one["states"].values()) == {"withheld"}


def test_channels_of_the_same_name_are_told_apart(opened: Callable[..., Api]):
    older = opened(older_sources="wikipedia.ko, wordfreq.ko")
    job_id = submit(older, "맥북")
    control.cancel(older.house, int(job_id))

    assert list(job(older, job_id)["results"][0]["counts"]) == ["ko", "wordfreq.ko"]


@pytest.mark.parametrize(
    "body", [b"", b"x", b"[]", b"{}", b'{"keywords":"a"}', b'{"keywords":[1]}', b'{"keywords":[]}']
)
def test_a_body_without_keywords_is_refused_in_its_own_words(older: Api, body: bytes):
    refused(older.post(BATCH, content=body, headers={"content-type": "application/json"}), 400)


@pytest.mark.parametrize("job_id", ["999", "0", "-1", "x", "１", "9" * 40, "1e3", "\0", ""])
def test_an_unknown_job_is_not_there(older: Api, job_id: str):
    refused(older.get(STATUS, params={"jobId": job_id}), 404)


def test_the_other_errors_have_the_same_form(older: Api, opened: Callable[..., Api]):
    refused(older.get(STATUS), 422)
    refused(older.client.post(BATCH, json={"keywords": ["a"]}), 401)
    refused(older.client.get(STATUS, params={"jobId": "1"}), 401)
    refused(older.as_of("main", "read").post(BATCH, json={"keywords": ["a"]}), 403)
    refused(older.post(BATCH, content=b"x", headers={"content-length": str(2**30)}), 413)
    refused(opened(older_sources="naver.blog").post(BATCH, json={"keywords": ["a"]}), 400)


def test_another_workspace_s_job_is_not_there(older: Api):
    job_id = submit(older, "맥북")

    refused(older.as_of("other").get(STATUS, params={"jobId": job_id}), 404)


def test_a_token_may_come_as_a_password(older: Api):
    made = older.client.post(BATCH, json={"keywords": ["맥북"]}, auth=("anyone", older.token))

    assert made.status_code == 200, made.text


def test_an_open_house_takes_who_shows_nothing_and_refuses_who_shows_something_wrong(opened: Callable[..., Api]):
    older = opened(older_clients="open")

    made = older.client.post(BATCH, json={"keywords": ["맥북"]})

    assert made.status_code == 200, made.text
    assert older.client.get(STATUS, params={"jobId": made.json()["jobId"]}).status_code == 200
    assert batches.require_in(older.house, 1, int(made.json()["jobId"]))
    wrong = {"authorization": "Bearer kb_wrong"}
    refused(older.client.post(BATCH, json={"keywords": ["맥북"]}, headers=wrong), 401)
    assert older.client.get("/api/v1/batches").status_code == 401, "the rest of the API is as closed as before"


def test_many_keywords_come_in_pieces(older: Api):
    job_id = submit(older, *(f"k{n}" for n in range(4_500)))
    control.cancel(older.house, int(job_id))

    now = job(older, job_id)

    assert [one["keyword"] for one in now["results"]] == [f"k{n}" for n in range(4_500)]


def refused(answer: Any, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.json().keys() == {"success", "error"}
    JobError.model_validate(answer.json())
    assert answer.json()["error"]
