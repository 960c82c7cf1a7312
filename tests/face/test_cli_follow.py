"""Following a batch: what is shown when, and how it ends. The batches are made up; no house is needed."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from app.cli import follow, output
from app.errors import DatabaseDown
from app.services.shapes import BatchView, Counts, Pace

QUIET = Pace(None, None, None, "", None, None)
BATCH = BatchView(
    id=7, name="", state="running", priority="default", items=10, lookups=10, merged=0, rejected=0, seq=0,
    counts=Counts(), created_at=0, started_at=None, finished_at=None, waiting_reason="", waiting_until=None,
    max_age_s=0, sources=(),
)  # fmt: skip


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")


@pytest.mark.parametrize(
    ("state", "counts", "code"),
    [
        ("completed", Counts(ok=1), output.DONE),
        ("completed", Counts(missing=1, failed=9), output.DONE),
        ("completed", Counts(below=1), output.DONE),
        ("completed", Counts(failed=10), output.FAILED),
        ("cancelled", Counts(ok=5, cancelled=5), output.FAILED),
    ],
)
def test_the_exit_code_says_whether_anything_was_read(state, counts, code):
    assert follow.verdict(replace(BATCH, state=state, counts=counts)) == code


def test_plain_lines_are_told_when_the_state_changes_not_at_every_look():
    said = io.StringIO()
    lines = follow.Lines(Console(file=said))
    for batch in (
        BATCH,
        BATCH,
        replace(BATCH, seq=3, counts=Counts(ok=3)),  # too soon for another line
        replace(BATCH, seq=3, counts=Counts(ok=3), state="waiting", waiting_reason="quota", waiting_until=0),
        replace(BATCH, seq=10, counts=Counts(ok=9, failed=1), state="completed"),
    ):
        lines.show(batch, QUIET)
    first, second, third = said.getvalue().splitlines()
    assert first == "7  running  0/10"
    assert second.startswith("7  waiting (today's quota is used up)  3/10  until 19")
    assert third == "7  completed  10/10  1 failed"


def test_a_terminal_gets_a_bar():
    said = io.StringIO()
    with follow.bar_or_lines(Console(file=said, force_terminal=True, width=100)) as show:
        show.show(replace(BATCH, counts=Counts(ok=4)), replace(QUIET, per_second=12.34))
    assert "4/10" in said.getvalue()
    assert "12.3/s" in said.getvalue()


@pytest.fixture
def database(monkeypatch):
    """Answers with the batches given, one a look; an error is raised."""
    answers: list[BatchView | Exception] = []

    def get(_house, _batch_id):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(follow.batches, "get", get)
    monkeypatch.setattr(follow, "pace", lambda _house, _batch: QUIET)
    monkeypatch.setattr(follow, "LOOK", 0)
    return answers


def test_a_database_that_is_away_for_a_moment_is_waited_for(database):
    down = DatabaseDown(where="here", why="gone.")
    database += [BATCH, down, down, replace(BATCH, state="completed")]
    assert follow.until_ended(None, 7, follow.JsonLines()).ended


def test_a_database_that_stays_away_ends_it(database, monkeypatch):
    monkeypatch.setattr(follow, "PATIENCE", -1)
    database += [BATCH, DatabaseDown(where="here", why="gone.")]
    with pytest.raises(DatabaseDown):
        follow.until_ended(None, 7, follow.JsonLines())
