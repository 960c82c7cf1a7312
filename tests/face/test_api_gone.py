"""What is not kept any more, over HTTP: said with a code of its own, never as something empty; forgotten batches."""

from dataclasses import replace

import pytest

from app import clock
from app.services import batches, retention
from tests.face.api import Api
from tests.face.test_api_events import events
from tests.store.working import NOW, read_everything

LATER = NOW + 31 * retention.DAY_MS


@pytest.fixture
def old(api: Api) -> int:
    """A batch whose three readings are not kept any more."""
    with clock.frozen(NOW):
        made = batches.submit(api.house, ["맥북", "아이패드", "에어팟"], ["wordfreq.ko"]).batch
        read_everything(api.house, made)
    settings = api.house.settings.model_copy(update={"keep_readings_days": 30})
    with clock.frozen(LATER):
        assert retention.tidy(replace(api.house, settings=settings), for_s=20) is False
    return made


def test_the_batch_says_since_when_and_keeps_its_counts(api: Api, old: int) -> None:
    said = api.get(f"/api/v1/batches/{old}").json()

    assert said["purged"] == {"events_at": None, "readings_at": clock.iso(LATER), "keywords_at": None}
    assert (said["counts"]["ok"], said["seq"]) == (3, 3)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/results"),
        ("GET", "/results?q=맥&count=true"),
        ("GET", "/failures"),
        ("GET", "/export"),
        ("GET", "/export?format=parquet"),
        ("POST", "/retry"),
    ],
)
def test_what_needs_the_readings_is_refused(api: Api, old: int, method: str, path: str) -> None:
    answer = api.request(method, f"/api/v1/batches/{old}{path}")

    assert (answer.status_code, answer.json()["code"]) == (410, "purged")
    assert clock.iso(LATER) in answer.json()["detail"]


def test_who_follows_is_told_of_the_gap(api: Api, old: int) -> None:
    said = events(api.get(f"/api/v1/batches/{old}/events").text)
    assert [name for name, _, _ in said] == ["batch", "gap", "done"]
    assert said[1][1] == {"from": 1, "to": 3}

    asked = api.get(f"/api/v1/batches/{old}/results?after_seq=1").json()
    assert (asked["readings"], asked["gaps"]) == ([], [{"from": 2, "to": 3}])


def test_an_older_client_is_told_in_its_own_form(api: Api, old: int) -> None:
    answer = api.get(f"/api/documents/status?jobId={old}")

    assert (answer.status_code, answer.json()["success"]) == (410, False)


def test_it_can_be_run_again_while_its_keywords_are_there(api: Api, old: int) -> None:
    assert api.post(f"/api/v1/batches/{old}/rerun").status_code == 202


def test_a_batch_is_forgotten_once_it_has_ended(api: Api, old: int) -> None:
    running = batches.submit(api.house, ["우산"], ["wordfreq.ko"]).batch
    assert api.request("DELETE", f"/api/v1/batches/{running}").json()["code"] == "wrong_state"
    assert api.as_of("other").request("DELETE", f"/api/v1/batches/{old}").status_code == 404
    assert api.as_of("main", "read").request("DELETE", f"/api/v1/batches/{old}").status_code == 403

    answer = api.request("DELETE", f"/api/v1/batches/{old}")

    assert (answer.status_code, answer.content) == (204, b"")
    for path in ("", "/results", "/events", "/export"):
        assert api.get(f"/api/v1/batches/{old}{path}").status_code == 404
    assert [one["id"] for one in api.get("/api/v1/batches").json()["batches"]] == [running]
    assert api.request("DELETE", f"/api/v1/batches/{old}").status_code == 404
