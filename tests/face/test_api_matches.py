"""What programs do with the rows that match: take them away, retry them, submit them again."""

from typing import Any

import pytest

from app.services import batches
from tests.face.api import Api, make_failures
from tests.store.working import read_everything


def read(api: Api, *keywords: str) -> int:
    batch = batches.submit(api.house, keywords, ["wordfreq.ko"], name="처음").batch
    read_everything(api.house, batch)
    return batch


def test_an_export_has_the_rows_that_match(api: Api):
    url = f"/api/v1/batches/{read(api, '맥북', '우산', '맥북 에어')}/export"

    every = api.get(url, params={"fields": "keyword", "bom": 0})
    some = api.get(url, params={"fields": "keyword", "bom": 0, "q": "ㅁㅂ", "filter": "wordfreq.ko>=1"})

    assert every.text.split() == ["keyword", "맥북", "우산", "맥북", "에어"]
    assert some.text.splitlines() == ["keyword", "맥북", "맥북 에어"]
    assert (every.headers["keybatch-rows"], some.headers["keybatch-rows"]) == ("3", "2")
    assert every.headers["etag"] != some.headers["etag"]
    same = {"if-none-match": some.headers["etag"]}
    wanted = {"fields": "keyword", "bom": 0, "q": "ㅁㅂ", "filter": "wordfreq.ko>=1"}
    assert api.get(url, params=wanted, headers=same).status_code == 304
    assert api.get(url, params={"fields": "keyword", "bom": 0}, headers=same).status_code == 200


def test_a_retry_takes_the_failures_of_rows_that_match(api: Api):
    batch = make_failures(api.house, 12)
    url = f"/api/v1/batches/{batch}/retry"

    done = api.post(url, json={"q": "k1", "filter": ["wordfreq.ko:failed"]})
    nothing = api.post(url, json={"q": "k1", "filter": ["wordfreq.ko:failed"]})
    wrong = api.post(url, json={"filter": ["wordfreq.ko:broken"]})

    assert (done.status_code, done.json()["lookups"]) == (200, 3), done.text  # k1, k10, k11
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_to_retry")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_value")


def test_rows_that_match_become_a_batch_once_for_each_key(api: Api):
    batch = read(api, "맥북", "우산", "맥북 에어")
    url, key = f"/api/v1/batches/{batch}/copy", {"idempotency-key": "one"}
    wanted = {"q": "맥북", "filter": ["wordfreq.ko:ok"], "sources": ["wordfreq.en"], "name": "다시", "tags": ["가을"]}

    made = api.post(url, json=wanted, headers=key)
    again = api.post(url, json=wanted, headers=key)
    other = api.post(url, json=wanted | {"q": ""}, headers=key)

    assert made.status_code == 202, made.text
    said = made.json()
    assert (said["name"], said["items"], said["lookups"], said["tags"]) == ("다시", 2, 2, ["가을"])
    assert [one["name"] for one in said["sources"]] == ["wordfreq.en"]
    assert made.headers["location"] == f"/api/v1/batches/{said['id']}"
    assert (again.json(), again.headers["idempotent-replayed"]) == (said, "true")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert len(api.get("/api/v1/batches").json()["batches"]) == 2


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"q": "없음"}, 409, "nothing_matches"),
        ({"filter": ["x"]}, 400, "bad_value"),
        ({"filter": ["wordfreq.ko:ok"] * 21}, 422, "bad_request"),
        ({"q": "a\0"}, 422, "bad_request"),
        ({"keywords": ["맥북"]}, 422, "bad_request"),
        ({"accounts": ["naver"]}, 400, "bad_value"),
        ({"sources": ["no.such"]}, 400, "unknown_source"),
    ],
)
def test_a_copy_that_does_not_fit_is_a_problem_and_makes_nothing(
    api: Api, body: dict[str, Any], status: int, code: str
):
    batch = read(api, "맥북")

    answer = api.post(f"/api/v1/batches/{batch}/copy", json=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert [one.id for one in batches.listing(api.house)] == [batch]


def test_a_copy_belongs_to_whoever_may_submit_in_the_workspace(api: Api):
    url = f"/api/v1/batches/{read(api, '맥북')}/copy"

    assert api.as_of("other").post(url, json={}).status_code == 404
    assert api.as_of("main", "read").post(url, json={}).status_code == 403
    assert api.as_of("main", "submit").post(url, json={}).status_code == 202
