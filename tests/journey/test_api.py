"""The API as programs use it: the client, real processes, a network that breaks."""

import csv
import io
import random
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet
import pytest

from app.services import tokens
from app.services.callers import OPERATOR, SCOPES
from client import keybatch_client
from client.keybatch_client import Keybatch, Problem, verified
from tests.journey.cutting import Cutting, at_random
from tests.journey.test_work import every_reading_is_right, keywords, working
from tests.simulators.receiver import Receiver
from tests.stage import Stage, until


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is cut off does not wait for a second each time."""
    sleep = keybatch_client.time.sleep
    monkeypatch.setattr(keybatch_client.time, "sleep", lambda seconds: sleep(min(seconds, 0.02)))


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(folder: Path, **given: Any) -> Iterator[tuple[Stage, Any, int, str]]:
    """A stage with a web process: the stage, the simulated upstream, the port, a token for everything."""
    port = free_port()
    env = {"KEYBATCH_PORT": str(port), "KEYBATCH_API_RATE": "none", **given.pop("env", {})}
    with working(folder, env=env, **given) as (stage, sim):
        start_web(stage, port)
        yield stage, sim, port, tokens.create(stage.house, OPERATOR, "journey", SCOPES)[1]


def start_web(stage: Stage, port: int) -> None:
    stage.start("web", "-m", "app", "web")
    until(lambda: answers(port), within=300, every=0.1)


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).is_success
    except httpx.TransportError:
        return False


def test_a_follower_gets_every_reading_once_whatever_breaks(tmp_path: Path) -> None:
    rng = random.Random(20261121)
    with (
        served(tmp_path, rate=400) as (stage, _, port, token),
        Cutting(port, at_random(rng, 500, 60_000)) as broken,
        Keybatch(broken.url, token) as far,
        Keybatch(f"http://127.0.0.1:{port}", token) as near,
    ):
        batch = near.submit(keywords(1500), ["naver.blog", "naver.cafe"], name="끊기는 선", key="once")
        assert near.submit(keywords(1500), ["naver.blog", "naver.cafe"], name="끊기는 선", key="once") == batch
        seqs, kinds, restarted = [], set(), False
        for event in far.follow(batch["id"]):
            kinds.add(event.kind)
            if event.kind == "readings":
                seqs += [reading["seq"] for reading in event.data]
            if len(seqs) > 1000 and not restarted:
                restarted = True
                stage.end("web", signal.SIGKILL)
                start_web(stage, port)

        assert seqs == list(range(1, 3001))
        assert kinds == {"readings", "batch", "done"}
        assert broken.cuts > 10
        assert near.batch(batch["id"])["state"] == "completed"
        assert every_reading_is_right(stage, stage.view(batch["id"])) == 0
        assert next(iter(near.readings(batch["id"], after=2990)))["seq"] == 2991
        files_say_the_same(near, batch["id"], tmp_path)


def files_say_the_same(keybatch: Keybatch, batch: int, folder: Path) -> None:
    """What the table and the files say of a batch."""
    rows = {row["keyword"]: row["readings"]["naver.blog"]["value"] for row in keybatch.rows(batch, limit=500)}
    assert len(rows) == 1500
    assert keybatch.export(batch, folder / "a.csv", bom=0) == 3000
    found = csv.DictReader(io.StringIO((folder / "a.csv").read_text("utf-8"), newline=""))
    assert {row["keyword"]: int(row["naver.blog"]) for row in found} == rows
    keybatch.export(batch, folder / "a.parquet", format="parquet")
    table = pyarrow.parquet.read_table(folder / "a.parquet")
    assert dict(zip(table["keyword"].to_pylist(), table["naver.blog"].to_pylist(), strict=True)) == rows


def test_problems_have_codes_and_streams_end_with_the_web_process(tmp_path: Path) -> None:
    with served(tmp_path, rate=5) as (stage, _, port, token), Keybatch(f"http://127.0.0.1:{port}", token) as keybatch:
        for wrong, code in (
            (lambda: keybatch.batch(999), "no_such_batch"),
            (lambda: submit_nowhere(keybatch), "unknown_source"),
        ):
            with pytest.raises(Problem) as caught:
                wrong()
            assert caught.value.code == code
        batch = keybatch.submit(keywords(50), ["naver.blog"])
        headers = {"authorization": f"Bearer {token}"}
        address = f"http://127.0.0.1:{port}/api/v1/batches/{batch['id']}/events"
        with httpx.stream("GET", address, headers=headers, timeout=20) as answer:
            lines = answer.iter_lines()
            assert next(lines) == "retry: 1000"
            stage.processes["web"].send_signal(signal.SIGTERM)
            rest = list(lines)
        assert stage.processes["web"].wait(timeout=10) == 0
        assert any(line.startswith("retry: ") for line in rest)
        with pytest.raises(httpx.TransportError):
            list(keybatch.follow(batch["id"], patience=0.1))


def submit_nowhere(keybatch: Keybatch) -> None:
    keybatch.submit(["a"], ["nowhere.ko"])


def test_a_webhook_is_told_and_its_word_can_be_trusted(tmp_path: Path) -> None:
    with (
        Receiver() as receiver,
        served(tmp_path, rate=400, env=receiver.env()) as (_, _sim, port, token),
        Keybatch(f"http://127.0.0.1:{port}", token) as keybatch,
    ):
        events = ["batch.completed", "batch.readings"]
        hook = keybatch.call("POST", "webhooks", json={"url": receiver.base_url, "events": events})
        batch = keybatch.submit(keywords(300), ["naver.blog"])
        until(lambda: any(one.type == "batch.completed" for one in receiver.taken), within=60)

        said = [verified(hook["secret"], one.headers, one.body) for one in receiver.taken]
        told = [one["data"]["readings"] for one in said if one["type"] == "batch.readings"]
        assert [reading["seq"] for readings in told for reading in readings] == list(range(1, 301))
        assert said[-1]["data"]["id"] == batch["id"]
        with pytest.raises(ValueError, match="signature"):
            verified("whsec_" + "A" * 32, receiver.taken[0].headers, receiver.taken[0].body)
