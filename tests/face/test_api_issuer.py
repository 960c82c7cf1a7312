"""Programs that come with a token of the issuer: which are believed, the keys that sign, and the settings."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest

from app.errors import BadSetting
from app.services import issuer, people
from app.services.house import House
from app.settings import Settings
from tests.face.api import TestClient
from tests.face.vouching import signs_in
from tests.simulators.issuer import IssuerSimulator
from tests.stage import environment


def _now() -> int:
    return int(time.time())


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_program_comes_with_a_token_of_the_issuer_and_with_no_forged_one(
    by_issuer: TestClient, vouching_house: House, issuing: IssuerSimulator
):
    signs_in(by_issuer)
    by_issuer.cookies.clear()
    good = issuing.token("10001")
    claims = jwt.decode(good, options={"verify_signature": False})
    name = jwt.get_unverified_header(good)["kid"]
    pem = issuing.public_key()
    signed = f"{_part({'alg': 'HS256', 'kid': name})}.{_part(claims)}"
    mac = hmac.new(pem, signed.encode(), hashlib.sha256).digest()
    confused = f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    forged = [
        f"{_part({'alg': 'none', 'kid': name})}.{_part(claims)}.",
        f"{_part({'alg': 'RS256', 'kid': 'unknown'})}.{_part(claims)}.{good.rpartition('.')[2]}",
        f"{good.rpartition('.')[0]}.{'A' * 342}",
        confused,
        issuing.token("10001", aud="another"),
        issuing.token("10001", exp=_now() - 120),
        "a.b.c",
    ]
    for token in forged:
        answer = by_issuer.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "not_vouched"), token
    bearer = {"authorization": f"Bearer {good}"}
    told = by_issuer.get("/api/v1/me", headers=bearer).json()
    assert (told["kind"], told["name"], told["scopes"]) == ("person", "서연", ["read", "submit"])
    assert by_issuer.get("/api/v1/tokens", headers=bearer).status_code == 403
    stranger = by_issuer.get("/api/v1/me", headers={"authorization": f"Bearer {issuing.token('10002')}"})
    assert (stranger.status_code, stranger.json()["code"]) == (403, "not_invited")
    people.remove(vouching_house, "서연")
    assert by_issuer.get("/api/v1/me", headers=bearer).json()["code"] == "not_invited"


def test_keys_change_and_are_looked_for_once_a_minute(
    by_issuer: TestClient, vouching_house: House, issuing: IssuerSimulator, monkeypatch: pytest.MonkeyPatch
):
    signs_in(by_issuer)
    before = issuing.asked["/jwks\n"]
    issuing.rotate()
    issuing.configure(alg="ES256")
    assert signs_in(by_issuer).status_code == 401  # the keys were read within the last minute
    passed = issuer.time.monotonic() + issuer._AGAIN_S
    monkeypatch.setattr(issuer, "time", type("Later", (), {"monotonic": staticmethod(lambda: passed)}))
    assert signs_in(by_issuer).status_code == 303
    for _ in range(3):
        assert by_issuer.get(
            "/api/v1/me", headers={"authorization": f"Bearer {_part({'alg': 'ES256', 'kid': 'x'})}.e30.AA"}
        )
    assert issuing.asked["/jwks\n"] == before + 1


@pytest.mark.parametrize(
    "given",
    [
        {"OIDC_ISSUER": "http://issuer.example", "OIDC_CLIENT_ID": "kb"},
        {"OIDC_ISSUER": "https://issuer.example"},
        {"OIDC_ISSUER": "issuer.example", "OIDC_CLIENT_ID": "kb"},
        {"OIDC_ROLES": "staff=king"},
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_at_the_start(settings_of: dict[str, str], given: dict[str, str]):
    told = {f"KEYBATCH_{name}": value for name, value in given.items()}
    with environment({**settings_of, **told}), pytest.raises(BadSetting) as bad:
        Settings.read()
    assert str(bad.value).startswith("KEYBATCH_OIDC_")
