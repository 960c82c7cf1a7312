"""Batches over HTTP: submit in every way, look, control; over a real temporary house."""

import gzip
import io
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
import xlsxwriter

from app.services import batches, control
from tests.face.api import Api, make_failures

LINES = "맥북\n에어팟 프로\n맥북\n우산\n"
TEXT = {"content-type": "text/plain; charset=utf-8"}
URL = "/api/v1/batches"

ONE = {"keywords": ["a"], "sources": ["wordfreq.ko"]}


def query(**more: object) -> dict[str, object]:
    return {"sources": "wordfreq.ko", **more}


def test_json_makes_a_batch(api: Api):
    asked = {
        "name": "가을\r\n시즌",
        "keywords": ["맥북", "우산", " 맥북 "],
        "sources": ["wordfreq.ko"],
        "priority": "high",
        "tags": ["b", "a", "b"],
        "metadata": {"order": [1, None, "x"]},
    }

    answer = api.post(URL, json=asked)

    assert answer.status_code == 202, answer.text
    made = answer.json()
    assert answer.headers["location"] == f"{URL}/{made['id']}"
    assert (made["name"], made["items"], made["merged"], made["state"]) == ("가을 시즌", 2, 1, "queued")
    assert (made["tags"], made["metadata"], made["priority"]) == (["a", "b"], {"order": [1, None, "x"]}, "high")
    assert made["owner"] == "test"
    seen = api.get(answer.headers["location"]).json()
    assert seen["counts"] == {
        **dict.fromkeys(("ok", "below", "missing", "failed", "cancelled", "cached"), 0),
        "pending": 2,
    }
    assert "pace" in seen


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/plain", LINES.encode()),
        ("text/plain; charset=euc-kr", LINES.encode("cp949")),
        ("text/plain", LINES.encode("utf-16")),
        ("text/csv", "keyword,group\r\n맥북,a\r\n에어팟 프로,b\r\n맥북,c\r\n우산,\r\n".encode()),
        ("text/csv", "keyword;group\r\n맥북;a\r\n에어팟 프로;b\r\n맥북;c\r\n우산;\r\n".encode()),
        ("text/tab-separated-values", "group\tkeyword\na\t맥북\nb\t에어팟 프로\nc\t맥북\n\t우산\n".encode()),
        ("application/x-ndjson", '"맥북"\n{"keyword":"에어팟 프로","group":"b"}\n"맥북"\n"우산"'.encode()),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_stream_of_lines_makes_the_same_batch(api: Api, media_type: str, body: bytes, packed: bool):
    headers = {"content-type": media_type} | ({"content-encoding": "gzip"} if packed else {})

    answer = api.post(
        URL,
        params=query(tags=["x", "y"], metadata='{"a":1}'),
        headers=headers,
        content=gzip.compress(body) if packed else body,
    )

    assert answer.status_code == 202, answer.text
    made = answer.json()
    assert (made["items"], made["merged"], made["rejected"]) == (3, 1, 0)
    assert (made["tags"], made["metadata"]) == (["x", "y"], {"a": 1})
    assert made["columns"] == ([] if media_type.startswith("text/plain") else ["group"])


def test_a_workbook_makes_a_batch(api: Api):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([("키워드", "분류"), ("맥북", "노트북"), ("우산", "잡화")]):
            sheet.write_row(row, 0, cells)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    answer = api.post(URL, params=query(), headers={"content-type": kind}, content=file.getvalue())

    assert answer.status_code == 202, answer.text
    assert (answer.json()["items"], answer.json()["columns"]) == (2, ["분류"])


def test_bad_lines_are_named_and_good_ones_go_on(api: Api):
    body = "맥북\n".encode() + b"\xff\xfe\xfa\n" + ("x" * 400 + "\n우산\n\u200b\n").encode()

    made = api.post(URL, params=query(), headers=TEXT, content=body).json()

    assert made["items"] == 2
    assert [(one["line"], one["reason"]) for one in made["rejections"]] == [
        (2, "not_text"),
        (3, "too_long"),
        (5, "empty_after_cleaning"),
    ]


def test_a_refusal_of_every_line_says_why(api: Api):
    answer = api.post(URL, params=query(), headers=TEXT, content="\u200b\n" + "x" * 400)

    assert (answer.status_code, answer.json()["code"]) == (400, "empty_input")
    assert [(one["line"], one["reason"]) for one in answer.json()["rejections"]] == [
        (1, "empty_after_cleaning"),
        (2, "too_long"),
    ]


def test_a_keyword_a_hundred_thousand_times_is_one(api: Api):
    made = api.post(URL, params=query(), headers=TEXT, content="맥북\n" * 100_000).json()

    assert (made["items"], made["merged"]) == (1, 99_999)


@pytest.mark.parametrize(
    ("status", "code", "request_"),
    [
        (400, "bad_body", {"content": b'{"keywords": [', "headers": {"content-type": "application/json"}}),
        (400, "bad_body", {"content": b"[" * 5000, "headers": {"content-type": "application/json"}}),
        (400, "bad_body", {"content": b'{"name": "\\ud800"}', "headers": {"content-type": "application/json"}}),
        (422, "bad_request", {"json": []}),
        (422, "bad_request", {"json": {"keywords": "맥북", "sources": ["wordfreq.ko"]}}),
        (422, "bad_request", {"json": {"keywords": ["a", 5], "sources": ["wordfreq.ko"]}}),
        (422, "bad_request", {"json": {**ONE, "soruces": []}}),
        (422, "bad_request", {"json": {**ONE, "name": "n" * 5000}}),
        (400, "empty_input", {"json": {"keywords": ["", "\u200b"], "sources": ["wordfreq.ko"]}}),
        (400, "unknown_source", {"json": {"keywords": ["a"], "sources": ["nowhere.ko"]}}),
        (400, "bad_value", {"json": {**ONE, "deadline_at": "2020-01-01T00:00:00Z"}}),
        (400, "bad_value", {"json": {**ONE, "metadata": {"x": "y" * 20_000}}}),
        (400, "bad_value", {"json": {**ONE, "accounts": ["naver"]}}),
        (400, "missing_credentials", {"json": {"keywords": ["a"], "sources": ["naver.blog"]}}),
        (415, "wrong_media_type", {"content": b"x", "headers": {"content-type": "image/png"}}),
        (415, "wrong_media_type", {"content": b"x"}),
        (413, "too_large", {"content": b"x", "headers": {**TEXT, "content-length": str(2 << 30)}}),
        (400, "bad_body", {"content": b"x", "headers": {**TEXT, "content-encoding": "gzip"}}),
        (400, "no_sources", {"content": "a", "headers": TEXT, "params": {}}),
        (422, "bad_request", {"content": "a", "headers": TEXT, "params": query(header="perhaps")}),
        (400, "bad_value", {"content": "a", "headers": TEXT, "params": query(metadata="[1]")}),
        (400, "bad_value", {"content": "a,b", "headers": {"content-type": "text/csv"}, "params": query(column="z")}),
        (400, "not_text", {"content": b"\x81\xff\x81\n\xff\xff", "headers": TEXT, "params": query()}),
        (400, "bad_value", {"content": "a", "headers": {**TEXT, "idempotency-key": "two words"}, "params": query()}),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_a_problem_and_leaves_nothing(api: Api, status: int, code: str, request_: dict):
    answer = api.post(URL, **request_)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert batches.listing(api.house) == []


def test_a_key_gives_the_first_answer_again(api: Api):
    request = {"params": query(), "headers": {**TEXT, "idempotency-key": "k1"}, "content": LINES}

    first, again = api.post(URL, **request), api.post(URL, **request)

    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    other = api.post(URL, **{**request, "content": LINES + "하나 더"})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    elsewhere = api.as_of("elsewhere").post(URL, **request)
    assert elsewhere.json()["id"] != first.json()["id"]


def test_two_with_one_key_at_the_same_instant_make_one_batch(api: Api):
    request = {"params": query(), "headers": {**TEXT, "idempotency-key": "k1"}, "content": LINES * 500}

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: api.post(URL, **request), range(6)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    assert len(batches.listing(api.house)) == 1


def test_a_preview_says_what_would_become_of_it_and_stores_nothing(api: Api):
    seen = api.post(f"{URL}/preview", params=query(), headers=TEXT, content=LINES + "dkssudgktpdy\n").json()

    assert (seen["items"], seen["merged"], seen["lookups"], seen["calls"]) == (4, 1, 4, 0)
    assert seen["doubted"] == {"latin_typed": 1}
    assert seen["doubtful"][0]["line"] == 5
    assert batches.listing(api.house) == []


def test_the_list_is_filtered_and_paged(api: Api):
    made = [
        api.post(
            URL, json={"keywords": ["a"], "sources": ["wordfreq.ko"], "name": f"n{n}", "tags": ["even"] * (n % 2 == 0)}
        )
        for n in range(5)
    ]
    ids = [one.json()["id"] for one in made]
    api.post(f"{URL}/{ids[1]}/cancel")

    first = api.get(URL, params={"limit": 2}).json()
    rest = api.get(URL, params={"limit": 10, "before": first["next"]}).json()
    assert [one["id"] for one in first["batches"] + rest["batches"]] == ids[::-1]
    assert rest["next"] is None
    assert [one["id"] for one in api.get(URL, params={"tag": "even"}).json()["batches"]] == [ids[4], ids[2], ids[0]]
    assert [one["id"] for one in api.get(URL, params={"state": ["cancelled", "paused"]}).json()["batches"]] == [ids[1]]
    assert [one["id"] for one in api.get(URL, params={"q": "N3"}).json()["batches"]] == [ids[3]]
    assert api.as_of("elsewhere").get(URL).json() == {"batches": [], "next": None}


def test_control(api: Api):
    asked = {"keywords": ["a", "b"], "sources": ["wordfreq.ko"], "tags": ["봄"], "metadata": {"a": 1}}
    batch = api.post(URL, json=asked).json()["id"]
    at = f"{URL}/{batch}"

    assert api.post(f"{at}/pause").json()["state"] == "paused"
    assert api.post(f"{at}/pause").json()["state"] == "paused"
    assert api.post(f"{at}/resume").json()["state"] == "queued"
    refused = api.post(f"{at}/rerun")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert api.post(f"{at}/cancel").json()["state"] == "cancelled"
    again = api.post(f"{at}/rerun")
    assert again.status_code == 202
    assert (again.json()["rerun_of"], again.json()["tags"], again.json()["metadata"]) == (batch, ["봄"], {"a": 1})
    assert again.headers["location"] == f"{URL}/{again.json()['id']}"


def test_failures_are_told_by_kind_and_asked_again_by_choice(api: Api):
    batch = make_failures(api.house, 5)
    at = f"{URL}/{batch}"

    (kind,) = api.get(f"{at}/failures").json()["failures"]
    assert (kind["error"], kind["count"]) == ("unreachable", 5)
    assert api.post(f"{at}/retry", json={"first": 2}).json()["lookups"] == 2
    assert api.post(f"{at}/retry").json()["lookups"] == 3
    nothing = api.post(f"{at}/retry")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_to_retry")
    unknown = api.post(f"{at}/retry", json={"error": "nope"})
    assert (unknown.status_code, unknown.json()["code"]) == (400, "bad_value")
    assert control.failures(api.house, batch) == []


def test_unknown_and_impossible_ids_are_problems(api: Api):
    for path in ("999", "999/failures", "999/pause", "0", "-1", "x", str(2**63)):
        answer = api.get(f"{URL}/{path}") if "pause" not in path else api.post(f"{URL}/{path}")
        assert answer.status_code in (404, 422), path
        assert answer.json()["code"] in ("no_such_batch", "bad_request"), path


def test_names_cannot_break_a_header(api: Api):
    made = api.post(
        URL, json={"keywords": ["a"], "sources": ["wordfreq.ko"], "name": 'x"\r\nset-cookie: a=b\x00'}
    ).json()

    assert made["name"] == 'x" set-cookie: a=b'
    answer = api.get(f"{URL}/{made['id']}/export")
    assert "set-cookie" not in answer.headers
    assert orjson.loads(orjson.dumps(made))["name"] == made["name"]
