"""Warnings of all processes are kept in Redis, and whoever logs never waits."""

import logging
import os
from collections.abc import Iterator

import pytest
import redis

from app import log
from app.services import warned
from app.services.metrics import counted
from app.settings import Settings


@pytest.fixture
def lines(valkey: redis.Redis) -> Iterator[redis.Redis]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    log.configure(Settings(), "worker")
    warned.keep(valkey)
    yield valkey
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(False)


def test_warnings_and_errors_are_kept_the_newest_first_and_counted(lines: redis.Redis) -> None:
    logger = log.get("x")
    logger.info("nothing")
    with log.bind(batch=7):
        logger.warning("first", password="hunter2")
    logger.error("second")
    warned.settled()

    second, first = warned.lately(lines)
    assert (first["event"], first["batch"], first["level"], second["event"]) == ("first", 7, "warning", "second")
    assert "hunter2" not in str(first)
    assert counted.kept(lines)["log_lines_total"] == {("worker", "warning"): 1, ("worker", "error"): 1}


def test_there_are_never_more_than_so_many(lines: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warned, "MOST", 5)
    for n in range(20):
        log.get("x").warning(f"said {n}")
    warned.settled()
    assert [line["event"] for line in warned.lately(lines)] == [f"said {n}" for n in range(19, 14, -1)]


def test_a_forked_process_sends_its_own(lines: redis.Redis) -> None:
    log.get("x").warning("before")
    warned.settled()
    child = os.fork()
    if child == 0:
        log.get("x").warning("in the child")
        warned.settled()
        os._exit(0)
    os.waitpid(child, 0)
    assert [line["event"] for line in warned.lately(lines)] == ["in the child", "before"]


def test_redis_away_is_nobody_s_trouble(tmp_path) -> None:
    kept = warned._Kept(redis.Redis(unix_socket_path=f"{tmp_path}/none.sock"))
    kept.emit(logging.LogRecord("x", logging.ERROR, "x.py", 1, "lost", None, None))
    kept.settled(5)
    assert not kept._lines
