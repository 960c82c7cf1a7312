"""Following a batch over HTTP: what is asked, what is refused, and what an ended batch says."""

import json

import pytest

from app.api.routes.events import EventStream
from app.errors import DatabaseDown
from app.services import batches, channel, followers, pages
from tests.face.api import Api
from tests.store.working import read_everything


@pytest.fixture
def ended(api: Api) -> int:
    """A batch whose three readings are there."""
    batch = batches.submit(api.house, ["맥북", "아이패드", "에어팟"], ["wordfreq.ko"]).batch
    read_everything(api.house, batch)
    return batch


def events(text: str) -> list[tuple[str, object, str | None]]:
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"]), fields.get("id")))
    return found


def test_an_ended_batch_is_told_whole_and_then_that_this_was_all(api: Api, ended: int):
    answer = api.get(f"/api/v1/batches/{ended}/events")
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-accel-buffering"] == "no"
    assert answer.text.startswith("retry: 1000\n\n")
    (_, batch, at), (name, readings, ident), done = events(answer.text)
    assert (batch["state"], batch["seq"], at) == ("completed", 3, None)
    assert (name, ident) == ("readings", "3")
    assert [(one["keyword"], one["seq"]) for one in readings] == [("맥북", 1), ("아이패드", 2), ("에어팟", 3)]
    assert done == ("done", batch, None)


@pytest.mark.parametrize(
    ("query", "header", "seqs"),
    [
        ("", None, [1, 2, 3]),
        ("?after=0", None, [1, 2, 3]),
        ("?after=2", None, [3]),
        ("?after=3", None, []),
        ("", "1", [2, 3]),
        ("?after=3", "0", [1, 2, 3]),
        ("?after=99", "2", [3]),
    ],
)
def test_it_goes_on_after_what_one_has(api: Api, ended: int, query: str, header: str | None, seqs: list[int]):
    headers = {"last-event-id": header} if header else {}
    said = events(api.get(f"/api/v1/batches/{ended}/events{query}", headers=headers).text)
    assert [one["seq"] for name, data, _ in said if name == "readings" for one in data] == seqs
    assert said[-1][0] == "done"


@pytest.mark.parametrize(
    ("path", "header", "status", "code"),
    [
        ("1/events?after=4", None, 400, "after_beyond_end"),
        ("1/events", "4", 400, "after_beyond_end"),
        ("1/events?after=9223372036854775807", None, 400, "after_beyond_end"),
        ("1/events?after=9223372036854775808", None, 422, "bad_request"),
        ("1/events?after=-1", None, 422, "bad_request"),
        ("1/events?after=x", None, 422, "bad_request"),
        ("1/events", "x", 422, "bad_request"),
        ("1/events", "-1", 422, "bad_request"),
        ("2/events", None, 404, "no_such_batch"),
        ("0/events", None, 422, "bad_request"),
        ("x/events", None, 422, "bad_request"),
    ],
)
def test_what_cannot_be_followed_is_a_problem(
    api: Api, ended: int, path: str, header: str | None, status: int, code: str
):
    assert ended == 1
    answer = api.get(f"/api/v1/batches/{path}", headers={"last-event-id": header} if header else {})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_batch_of_others_is_not_there(api: Api, ended: int):
    path = f"/api/v1/batches/{ended}/events"
    assert api.as_of("others", "read").get(path).status_code == 404
    assert api.as_of("main", "submit").get(path).status_code == 403
    assert Api(api.house, api.client, "kb_no").get(path).status_code == 401


def test_a_database_that_is_away_is_said_and_leaves_nothing_open(api: Api, ended: int, monkeypatch: pytest.MonkeyPatch):
    def away(*_: object) -> None:
        raise DatabaseDown(where="there", why="gone.")

    served = api.client.app._app.state.followers
    with monkeypatch.context() as patched:
        patched.setattr(channel.batches, "look", away)
        answer = api.get(f"/api/v1/batches/{ended}/events")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_down")
    assert served.count == 0
    with monkeypatch.context() as patched:
        patched.setattr(pages.journal, "page", away)
        answer = api.get(f"/api/v1/batches/{ended}/events")
    # It had begun: the client comes again, and goes on where it was.
    assert [name for name, _, _ in events(answer.text)] == ["batch"]
    assert answer.text.splitlines()[-2].startswith("retry: ")
    assert served.count == 0


def test_silence_is_broken_by_comments(api: Api, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(followers, "HEARTBEAT_S", 0.05)
    batch = batches.submit(api.house, ["맥북"], ["wordfreq.ko"]).batch
    heard: list[bytes] = []
    whole = EventStream.stream_response

    async def listening(self: EventStream, send: object) -> None:
        async def hear(message: dict[str, bytes]) -> None:
            heard.append(message.get("body", b""))
            if len(heard) == 6:
                read_everything(api.house, batch)
            await send(message)  # type: ignore[operator]

        await whole(self, hear)

    monkeypatch.setattr(EventStream, "stream_response", listening)
    text = api.get(f"/api/v1/batches/{batch}/events").text
    assert text.count(": still here\n\n") >= 3
    names = [name for name, _, _ in events(text)]
    assert (names[0], names[-1]) == ("batch", "done")


def test_the_openapi_tells_the_stream(api: Api):
    told = api.get("/api/openapi.json").json()["paths"]["/api/v1/batches/{batch_id}/events"]["get"]
    assert list(told["responses"]["200"]["content"]) == ["text/event-stream"]
    assert {"400", "401", "403", "404", "422", "503"} <= told["responses"].keys()
    assert {(one["in"], one["name"]) for one in told["parameters"]} == {
        ("path", "batch_id"),
        ("query", "after"),
        ("header", "Last-Event-ID"),
    }
