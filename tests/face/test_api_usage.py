"""What is spent and left, over HTTP, and that no secret is in it."""

from app import clock
from app.repositories import usage
from app.services import keeping
from tests.face.api import Api

SECRET = "aVerySecretSecret-x9Qd"


def kept(api: Api) -> None:
    keeping.put_account(api.house, "naver", "second", {"client_id": "anId-7781", "client_secret": SECRET})


def test_an_account_is_told_with_what_it_spent(api: Api):
    kept(api)
    with api.house.db.work() as work:
        usage.add(work.connection, "naver/second", clock.day(clock.now_ms(), "Asia/Seoul"), 40, 5)

    answer = api.get("/api/v1/usage")

    assert answer.status_code == 200, answer.text
    found = {account["key"]: account for account in answer.json()["accounts"]}
    assert "naver/default" not in found, "an account without credentials cannot be asked with"
    account = found["naver/second"]
    assert account["upstream"] == {"name": "naver", "title": {"ko": "네이버", "en": "Naver"}}
    assert (account["spent_today"], account["reserved"], account["quota"], account["left_today"]) == (
        40, 5, 25_000, 24_960,
    )  # fmt: skip
    assert account["stopped"] is None
    assert account["credentials"]["hint"] == "…x9Qd"
    assert account["credentials"]["checked"] == "untried"


def test_no_secret_is_told_and_its_end_only_to_who_may_admin(api: Api):
    kept(api)
    reader = api.as_of("main", "read")

    for who in (api, reader):
        text = who.get("/api/v1/usage").text
        assert SECRET not in text
        assert "anId-7781" not in text
    assert "x9Qd" not in reader.get("/api/v1/usage").text
    assert api.client.get("/api/v1/usage").status_code == 401
