"""A batch's readings over HTTP: followed by seq, and as a table."""

from typing import Any

import pytest

from app.api.schemas.results import Followed, Table
from app.services import batches
from tests.face.api import Api, make_failures
from tests.store.working import read_everything


def url(batch: int) -> str:
    return f"/api/v1/batches/{batch}/results"


def read(api: Api, *keywords: str) -> int:
    batch = batches.submit(api.house, keywords, ["wordfreq.ko"]).batch
    read_everything(api.house, batch)
    return batch


def test_a_follower_gets_every_reading_once_and_hears_that_it_is_over(api: Api):
    batch = read(api, *"가나다라마")
    seen: list[dict[str, Any]] = []
    after = 0
    for _ in range(10):
        answer = api.get(url(batch), params={"after_seq": after, "limit": 2})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        Followed.model_validate(page)
        seen += page["readings"]
        after = page["next_after_seq"]
        if page["state"] == "completed" and not page["more"]:
            break

    assert [one["seq"] for one in seen] == [1, 2, 3, 4, 5]
    assert {one["keyword"] for one in seen} == set("가나다라마")
    assert {(one["status"], one["value"]) for one in seen} == {("ok", 1)}
    assert page["gaps"] == []
    assert api.get(url(batch), params={"after_seq": 2**53 - 1}).json()["readings"] == []


def test_a_table_is_sorted_filtered_searched_and_paged(api: Api):
    batch = read(api, "맥북", "Macbook Air", "우산", "MACBOOK")

    first = api.get(url(batch), params={"sort": "keyword", "order": "desc", "limit": 3, "count": 1})
    assert first.status_code == 200, first.text
    Table.model_validate(first.json())
    assert [row["keyword"] for row in first.json()["rows"]] == ["우산", "맥북", "Macbook Air"]
    assert (first.json()["matched"], first.json()["seq"]) == (4, 4)
    rest = api.get(url(batch), params={"sort": "keyword", "order": "desc", "cursor": first.json()["next"]})
    assert [row["keyword"] for row in rest.json()["rows"]] == ["MACBOOK"]
    assert rest.json()["next"] is None

    found = api.get(url(batch), params={"q": "macbook", "filter": ["wordfreq.ko:ok", "wordfreq.ko>=1"]}).json()
    assert [row["position"] for row in found["rows"]] == [1, 3]
    assert found["matched"] is None
    assert found["rows"][0]["readings"]["wordfreq.ko"]["value"] == 1


def test_a_failure_has_no_value_in_a_row(api: Api):
    batch = make_failures(api.house, 2)

    [row] = api.get(url(batch), params={"filter": "wordfreq.ko:failed", "limit": 1}).json()["rows"]

    cell = row["readings"]["wordfreq.ko"]
    assert (cell["status"], cell["value"], cell["error"]) == ("failed", None, "unreachable")


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"sort": "naver.blog"}, 400, "bad_value"),
        ({"filter": "wordfreq.ko"}, 400, "bad_value"),
        ({"filter": "wordfreq.ko:\0"}, 400, "bad_value"),
        ({"cursor": "none of ours"}, 400, "bad_value"),
        ({"cursor": "W10"}, 400, "bad_value"),
        ({"after_seq": 1, "sort": "keyword"}, 400, "bad_value"),
        ({"q": "a\0b"}, 422, "bad_request"),
        ({"order": "up"}, 422, "bad_request"),
        ({"limit": 0}, 422, "bad_request"),
        ({"limit": 1001}, 422, "bad_request"),
        ({"after_seq": -1}, 422, "bad_request"),
        ({"after_seq": 2**53}, 422, "bad_request"),
        ({"filter": ["wordfreq.ko:ok"] * 21}, 422, "bad_request"),
    ],
)
def test_what_does_not_fit_is_a_problem(api: Api, params: dict[str, Any], status: int, code: str):
    answer = api.get(url(read(api, "맥북")), params=params)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def test_another_workspace_s_batch_is_not_there(api: Api):
    batch = read(api, "맥북")
    other = api.as_of("other")

    assert other.get(url(batch)).status_code == other.get(url(batch + 1)).status_code == 404
    assert other.get(url(batch), params={"after_seq": 0}).json()["code"] == "no_such_batch"
    assert api.as_of("main", "submit").get(url(batch)).status_code == 403
    assert api.client.get(url(batch)).status_code == 401
