"""Webhooks over HTTP and on the command line."""

import json

import pytest
from typer.testing import CliRunner

from app.cli import webhooks as commands
from app.cli.main import app
from app.services import posting
from app.services.posting import Answer
from tests.face.api import Api
from tests.store.webhook_house import bring, read, submitted

URL = "https://hooks.example/keybatch"


def made(api: Api, **more: object) -> dict:
    answer = api.post("/api/v1/webhooks", json={"url": URL, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_webhook_is_made_shown_changed_and_forgotten(api: Api):
    new = made(api, description="알림 서버")
    secret = new.pop("secret")
    assert secret.startswith("whsec_")
    assert new["events"] == ["batch.completed", "batch.cancelled", "batch.waiting"]
    where = f"/api/v1/webhooks/{new['id']}"
    assert api.get(where).json() == new
    assert api.get("/api/v1/webhooks").json() == {"webhooks": [new]}
    assert secret not in api.get(where).text

    changed = api.request("PATCH", where, json={"events": ["batch.readings"], "active": False}).json()
    assert (changed["events"], changed["active"], changed["why_off"]) == (["batch.readings"], False, "person")
    assert changed["description"] == "알림 서버"
    assert api.post(f"{where}/rotate").json()["secret"] != secret

    assert api.request("DELETE", where).status_code == 204
    assert api.get(where).status_code == 404


def test_the_address_of_a_new_webhook_is_told(api: Api):
    answer = api.post("/api/v1/webhooks", json={"url": URL})
    assert answer.headers["location"] == f"/api/v1/webhooks/{answer.json()['id']}"


@pytest.mark.parametrize(
    "body",
    [
        {"url": "ftp://x.example/"},
        {"url": "https://x.example/\r\nX-Evil: 1"},
        {"url": "https://u:p@x.example/"},
        {"url": "https://"},
        {"url": URL, "events": []},
        {"url": URL, "events": ["batch.exploded"]},
        {"url": URL, "secret": "mine"},
        {"url": URL, "description": "x" * 201},
        {},
    ],
)
def test_what_does_not_fit_is_refused(api: Api, body: dict):
    answer = api.post("/api/v1/webhooks", json=body)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert api.get("/api/v1/webhooks").json() == {"webhooks": []}


def test_a_test_message_and_what_became_of_it(api: Api):
    webhook = made(api)["id"]
    sent = api.post(f"/api/v1/webhooks/{webhook}/test")
    assert (sent.status_code, sent.json()["state"], sent.json()["event"]) == (202, "pending", "webhook.test")
    bring(api.house, Answer(500, 12, "broken"))

    told = api.get(f"/api/v1/deliveries/{sent.json()['id']}").json()
    assert (told["state"], told["due_at"], told["tries"][0]["detail"]) == ("failed", None, "broken")
    again = api.post(f"/api/v1/deliveries/{told['id']}/resend")
    assert (again.status_code, again.json()["state"]) == (202, "pending")
    bring(api.house)
    assert api.get(f"/api/v1/deliveries/{told['id']}").json()["state"] == "delivered"


def test_the_log_is_paged_and_filtered(api: Api):
    webhook = made(api)["id"]
    for _ in range(3):
        read(api.house, submitted(api.house, 1), 1)
    bring(api.house)
    where = f"/api/v1/webhooks/{webhook}/deliveries"
    first = api.get(where, params={"limit": 2}).json()
    rest = api.get(where, params={"limit": 2, "before": first["next"]}).json()

    assert [one["batch"] for one in first["deliveries"] + rest["deliveries"]] == [3, 2, 1]
    assert rest["next"] is None
    delivered = api.get(where, params={"state": "delivered"}).json()["deliveries"]
    assert len(delivered) == posting.PER_HOST
    assert api.get(where, params={"state": "lost"}).status_code == 422


def test_only_an_admin_may_and_another_workspace_sees_nothing(api: Api):
    webhook = made(api)["id"]
    message = api.post(f"/api/v1/webhooks/{webhook}/test").json()["id"]
    submitter, stranger = api.as_of("main", "read", "submit"), api.as_of("other")
    calls = [
        ("GET", f"/api/v1/webhooks/{webhook}"),
        ("PATCH", f"/api/v1/webhooks/{webhook}"),
        ("DELETE", f"/api/v1/webhooks/{webhook}"),
        ("POST", f"/api/v1/webhooks/{webhook}/rotate"),
        ("POST", f"/api/v1/webhooks/{webhook}/test"),
        ("GET", f"/api/v1/webhooks/{webhook}/deliveries"),
        ("GET", f"/api/v1/deliveries/{message}"),
        ("POST", f"/api/v1/deliveries/{message}/resend"),
    ]
    for method, where in calls:
        body = {"json": {}} if method == "PATCH" else {}
        assert submitter.request(method, where, **body).status_code == 403, where
        assert stranger.request(method, where, **body).status_code == 404, where
        assert api.client.request(method, where, **body).status_code == 401, where
    assert stranger.get("/api/v1/webhooks").json() == {"webhooks": []}
    assert api.get("/api/v1/deliveries/msg_000000000000000000000000").status_code == 404
    assert api.get("/api/v1/deliveries/other").status_code == 422


def cli(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["webhooks", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_the_command_line_does_the_same(api: Api, monkeypatch: pytest.MonkeyPatch):
    code, out, err = cli("add", URL, "--event", "batch.completed", "--description", "우리 것")
    assert (code, out.startswith("whsec_"), out.count("\n"), "webhooks test 1" in err) == (0, True, 1, True)
    assert json.loads(cli("list", "--json")[1])[0]["description"] == "우리 것"
    assert URL in cli("list")[1]

    monkeypatch.setattr(commands, "PATIENCE_S", 0.0)
    code, _, err = cli("test", "1")
    assert (code, "msg_" in err) == (1, True)
    monkeypatch.setattr(commands, "PATIENCE_S", 5.0)
    monkeypatch.setattr(commands.time, "sleep", lambda _: bring(api.house, Answer(500, 1, "nope\nnot")))
    code, _, err = cli("test", "1")
    assert (code, "nope not" in err) == (1, True)
    [failed, _] = json.loads(cli("deliveries", "1", "--json")[1])
    monkeypatch.setattr(commands.time, "sleep", lambda _: bring(api.house))
    code, _, err = cli("resend", failed["id"])
    assert (code, "204" in err) == (0, True)
    assert failed["id"] in cli("deliveries", "1")[1]

    assert cli("remove", "1")[0] == 0
    assert cli("remove", "1")[0] == 2
    assert cli("add", "nowhere")[0] == 2
    assert cli("list")[0] == 0
