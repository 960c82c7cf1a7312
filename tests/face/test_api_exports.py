"""The export over HTTP: what it is called, of which moment it is, in parts, and what a client that leaves leaves."""

import asyncio
import io
from typing import Any
from urllib.parse import unquote

import orjson
import pytest
import python_calamine

from app.api.main import build_api
from app.api.routes import exports as route
from app.services import batches, exports
from tests.face.api import Api
from tests.store.working import read_everything
from tests.store.writing import write_here

FINISHED = sorted(exports.FINISHED)
EVERY = sorted(exports.MEDIA_TYPES)


@pytest.fixture
def batch(api: Api, monkeypatch: pytest.MonkeyPatch) -> int:
    write_here(monkeypatch)
    made = batches.submit(api.house, ["맥북", "=1+1", "그램"], ["wordfreq.ko"], name="가을 시즌/1").batch
    read_everything(api.house, made)
    return made


def url(batch: int, **query: Any) -> str:
    return f"/api/v1/batches/{batch}/export?" + "&".join(f"{name}={value}" for name, value in query.items())


def test_without_a_word_it_is_csv_for_excel(api: Api, batch: int):
    answer = api.get(url(batch))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["keybatch-seq"] == "3"
    assert answer.headers["keybatch-rows"] == "3"
    assert answer.headers["accept-ranges"] == "none"
    assert answer.content.startswith(b"\xef\xbb\xbfposition,keyword,wordfreq.ko,wordfreq.ko.status\r\n")
    assert answer.content.decode().split("\r\n")[2].startswith("1,'=1+1,1,ok")


@pytest.mark.parametrize("kind", EVERY)
def test_every_format_has_its_type_its_name_and_its_seq(api: Api, batch: int, kind: str):
    answer = api.get(url(batch, format=kind, layout="long"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == exports.MEDIA_TYPES[kind]
    assert answer.headers["keybatch-seq"] == answer.headers["keybatch-rows"] == "3"
    assert f'filename="keybatch-{batch}.{kind}"' in answer.headers["content-disposition"]
    assert f"가을 시즌1.{kind}" in unquote(answer.headers["content-disposition"])


def test_options_are_taken(api: Api, batch: int):
    answer = api.get(url(batch, bom=0, delimiter="tab", fields='wordfreq.ko,"keyword"'))
    assert answer.content.startswith("wordfreq.ko\tkeyword\r\n1\t맥북\r\n".encode())
    assert api.get(url(batch, bom=0, delimiter="%3B")).text.startswith("position;keyword;")
    lines = api.get(url(batch, format="jsonl", layout="long")).content.splitlines()
    assert [list(orjson.loads(line)) for line in lines] == [exports.LONG] * 3
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(api.get(url(batch, format="xlsx")).content))
    assert book.get_sheet_by_index(0).to_python()[2] == [1.0, "=1+1", 1.0, "ok"]


@pytest.mark.parametrize("kind", EVERY)
def test_a_column_that_is_not_there_is_named_with_those_that_are(api: Api, batch: int, kind: str):
    answer = api.get(url(batch, format=kind, fields="keyword,nothing"))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_value")
    assert "nothing" in answer.json()["detail"]
    assert "wordfreq.ko.status" in answer.json()["detail"]


@pytest.mark.parametrize("fields", ["%00", "%0D", "a%0Db", "%22", ",", "%EF%BB%BF", "%F0%9F%98%80"])
def test_no_fields_break_it(api: Api, batch: int, fields: str):
    assert api.get(url(batch, fields=fields)).status_code in (200, 400)


@pytest.mark.parametrize("kind", EVERY)
def test_what_a_client_has_is_not_sent_again(api: Api, batch: int, kind: str):
    first = api.get(url(batch, format=kind))
    etag = first.headers["etag"]
    for known in (etag, f'"x", W/{etag}', "*"):
        again = api.get(url(batch, format=kind), headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert api.get(url(batch, format=kind), headers={"if-none-match": '"x"'}).content == first.content
    other = api.get(url(batch, format=kind, layout="long"), headers={"if-none-match": etag})
    assert other.status_code == 200


@pytest.mark.parametrize("kind", FINISHED)
def test_parts_join_to_the_file(api: Api, batch: int, kind: str):
    whole = api.get(url(batch, format=kind))
    size = len(whole.content)
    assert whole.headers["accept-ranges"] == "bytes"
    parts = []
    for start in range(0, size, 1_000):
        headers = {"range": f"bytes={start}-{start + 999}", "if-range": whole.headers["etag"]}
        part = api.get(url(batch, format=kind), headers=headers)
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes {start}-{min(start + 999, size - 1)}/{size}"
        parts.append(part.content)
    assert b"".join(parts) == whole.content
    stale = api.get(url(batch, format=kind), headers={"range": "bytes=0-9", "if-range": '"another"'})
    assert (stale.status_code, len(stale.content)) == (200, size)
    assert api.get(url(batch, format=kind), headers={"range": f"bytes={size}-"}).status_code == 416


def test_a_stream_takes_no_range(api: Api, batch: int):
    answer = api.get(url(batch), headers={"range": "bytes=0-9"})
    assert answer.status_code == 200
    assert answer.content == api.get(url(batch)).content


def test_another_workspace_sees_none(api: Api, batch: int):
    stranger = api.as_of("elsewhere", "read")
    for kind in EVERY:
        assert stranger.get(url(batch, format=kind)).json()["code"] == "no_such_batch"
    assert api.as_of("main", "submit").get(url(batch)).status_code == 403


@pytest.mark.parametrize("query", [{"format": "exe"}, {"layout": "tall"}, {"delimiter": "|"}, {"bom": "perhaps"}])
def test_what_does_not_fit_is_refused(api: Api, batch: int, query: dict[str, str]):
    assert api.get(url(batch, **query)).status_code == 422


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("", None),
        ("...", None),
        ("가을 시즌", "가을 시즌"),
        ("가을".encode().decode(), "가을"),
        ("\u1100\u1161\u110b\u1173\u11af", "가을"),
        ('a"\r\nset-cookie: b', "aset-cookie b"),
        ("../../etc/passwd", "etcpasswd"),
        ("\u202egnp.exe", "gnp.exe"),
        ("한😀" * 150, "한😀" * 28 + "한"),
    ],
)
def test_names_survive_and_harm_nobody(name: str, kept: str | None):
    said = route.disposition(7, name, "xlsx")
    said.encode("ascii")
    assert not set(said) & set("\r\n")
    assert said.startswith('attachment; filename="keybatch-7.xlsx"')
    assert said.count('"') == 2
    file_name = unquote(said.partition("filename*=UTF-8''")[2])
    assert file_name == (f"{kept}.xlsx" if kept else "")
    assert len(file_name.encode()) <= 255


def test_too_many_streams_are_told_to_come_again(api: Api, batch: int):
    held = [exports.opened(api.house, batch, exports.Wanted()) for _ in range(exports.MOST)]
    try:
        answer = api.get(url(batch))
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "10")
    finally:
        for export in held:
            export.close()
    assert api.get(url(batch)).status_code == 200


def test_a_client_that_leaves_gives_the_connection_back(api: Api, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.services.formats.columns._PAGE_ITEMS", 10)
    batch = batches.submit(api.house, [f"k{n}" for n in range(5_000)], ["wordfreq.ko"]).batch
    got = asyncio.run(_left_after(api, url(batch), 3))
    assert 3 <= len(got) < 400
    assert api.house.db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    held = [exports.opened(api.house, batch, exports.Wanted()) for _ in range(exports.MOST)]
    for export in held:
        export.close()


async def _left_after(api: Api, path: str, pieces: int) -> list[bytes]:
    """What a client gets that goes away after so many pieces."""
    got: list[bytes] = []
    enough = asyncio.Event()

    async def send(message: dict[str, Any]) -> None:
        if message.get("body"):
            got.append(message["body"])
            await asyncio.sleep(0)
        if len(got) >= pieces:
            enough.set()

    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        if (message := next(asked, None)) is not None:
            return message
        await enough.wait()
        return {"type": "http.disconnect"}

    place, _, query = path.partition("?")
    headers = [(b"host", b"localhost:8000"), (b"authorization", f"Bearer {api.token}".encode())]
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": place, "raw_path": place.encode(), "query_string": query.encode(), "root_path": "",
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("localhost", 8000), "state": {},
    }  # fmt: skip
    await build_api(api.house)(scope, receive, send)  # type: ignore[arg-type]
    return got
