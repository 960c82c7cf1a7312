"""Vouches for people as an OpenID Connect provider does (OpenID Connect Core 1.0, Discovery 1.0, RFC 6749 and 7636):
discovery, keys that change, a page to sign in, codes that are good once and for a minute, and tokens.

``GET /authorize`` shows who can sign in; with ``auto`` somebody does at once. ``POST /token`` wants
``client_secret_basic`` and the code's verifier. 400 ``invalid_request`` for what is missing, ``invalid_grant`` for a
code that is not good (any more), 401 ``invalid_client`` for a client that it does not know.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import unquote_plus, urlencode

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from tests.simulators.served import Served

#: Seconds that a code and a token are good for.
CODE_S, TOKEN_S = 60, 300
PEOPLE: dict[str, dict[str, Any]] = {
    "10001": {"preferred_username": "서연", "email": "seoyeon@example.invalid", "groups": ["staff"]},
    "10002": {"preferred_username": "도윤", "email": "doyun@example.invalid", "groups": ["kb-admins", "staff"]},
    "10003": {"preferred_username": "하은", "email": "haeun@example.invalid", "groups": []},
}


@dataclass
class Given:
    """A code, and what it was given for."""

    sub: str
    asked: dict[str, str]
    until_ms: int


class IssuerSimulator(Served):
    """``with IssuerSimulator(auto="10001") as sim:``. ``says`` is laid over the claims of its next tokens, a None takes
    one away; ``alg`` is RS256 or ES256; ``called`` is what it calls itself, its own address unless set."""

    name = "issuer"

    def __init__(self, **settings: Any) -> None:
        self.client, self.secret = "keybatch", "sim-secret"
        self.people = {sub: dict(claims) for sub, claims in PEOPLE.items()}
        self.auto, self.alg, self.called = "", "RS256", ""
        self.says: dict[str, Any] = {}
        self._keys: dict[str, tuple[str, Any]] = {}
        self._codes: dict[str, Given] = {}
        super().__init__(**settings)
        self.rotate()

    def rotate(self) -> None:
        """Sign with new keys from now on; the old ones are known no longer."""
        rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        ec_key = ec.generate_private_key(ec.SECP256R1())
        self._keys = {secrets.token_hex(4): ("RS256", rsa_key), secrets.token_hex(4): ("ES256", ec_key)}

    def env(self) -> dict[str, str]:
        """The settings that let people sign in here."""
        return {
            "KEYBATCH_OIDC_ISSUER": self.base_url,
            "KEYBATCH_OIDC_CLIENT_ID": self.client,
            "KEYBATCH_OIDC_CLIENT_SECRET": self.secret,
        }

    def token(self, sub: str, **more: Any) -> str:
        """A token about somebody, as a program shows it."""
        now = self.now_ms() // 1000
        claims = {"iss": self.called or self.base_url, "sub": sub, "aud": self.client, "iat": now, "exp": now + TOKEN_S}
        claims |= self.people.get(sub, {}) | more | self.says
        name, key = next((name, key) for name, (alg, key) in self._keys.items() if alg == self.alg)
        said = {claim: value for claim, value in claims.items() if value is not None}
        return jwt.encode(said, key, self.alg, {"kid": name})

    def public_key(self) -> bytes:
        """The key that everybody may know, as PEM: what a forger would sign with."""
        key = next(key for alg, key in self._keys.values() if alg == "RS256")
        found: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return found

    def throttled(self, request: web.Request) -> web.Response:
        """429 that says when to come again."""
        return web.Response(status=429, headers={"Retry-After": "7"})

    async def answer(self, request: web.Request) -> web.Response:
        """One of its four places."""
        if request.path == "/.well-known/openid-configuration":
            return web.json_response(self._described())
        if request.path == "/jwks":
            return web.json_response({"keys": [self._public(name) for name in self._keys]})
        if request.path == "/authorize" and request.method in ("GET", "POST"):
            return self._authorize(dict(request.query))
        if request.path == "/token" and request.method == "POST":
            return self._token(request.headers.get("Authorization", ""), dict(await request.post()))
        return web.Response(status=404)

    def _described(self) -> dict[str, Any]:
        places = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/jwks"}
        return {
            "issuer": self.called or self.base_url,
            **{name: self.base_url + path for name, path in places.items()},
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _public(self, name: str) -> dict[str, Any]:
        alg, key = self._keys[name]
        way = RSAAlgorithm if alg == "RS256" else ECAlgorithm
        said: dict[str, Any] = way.to_jwk(key.public_key(), as_dict=True)
        return {**said, "kid": name, "use": "sig", "alg": alg}

    def _authorize(self, asked: dict[str, str]) -> web.Response:
        wanted = ("redirect_uri", "state", "nonce", "code_challenge")
        fits = asked.get("client_id") == self.client and asked.get("response_type") == "code"
        if not fits or asked.get("code_challenge_method") != "S256" or not all(asked.get(name) for name in wanted):
            return web.Response(status=400, text="invalid_request")
        sub = asked.pop("login", self.auto)
        back = asked["redirect_uri"] + ("&" if "?" in asked["redirect_uri"] else "?")
        if sub == "nobody":
            raise web.HTTPFound(back + urlencode({"error": "access_denied", "state": asked["state"]}))
        if sub not in self.people:
            return web.Response(text=self._page(asked), content_type="text/html")
        code = secrets.token_urlsafe(16)
        self._codes[code] = Given(sub, asked, self.now_ms() + CODE_S * 1000)
        raise web.HTTPFound(back + urlencode({"code": code, "state": asked["state"]}))

    def _page(self, asked: dict[str, str]) -> str:
        ways = [(sub, str(claims["preferred_username"])) for sub, claims in self.people.items()]
        links = "".join(
            f'<li><a href="/authorize?{escape(urlencode({**asked, "login": sub}))}">{escape(name)}</a></li>'
            for sub, name in [*ways, ("nobody", "refuse")]
        )
        return f"<!doctype html><title>Issuer</title><h1>Sign in as</h1><ul>{links}</ul>"

    def _token(self, authorization: str, form: dict[str, Any]) -> web.Response:
        if not self._knows(authorization):
            return web.json_response({"error": "invalid_client"}, status=401)
        given = self._codes.pop(str(form.get("code", "")), None)
        proof = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        good = given is not None and given.until_ms > self.now_ms() and form.get("grant_type") == "authorization_code"
        if (
            not good
            or given is None
            or (given.asked["redirect_uri"], given.asked["code_challenge"])
            != (
                form.get("redirect_uri"),
                challenge,
            )
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        said = {"token_type": "Bearer", "expires_in": TOKEN_S, "access_token": secrets.token_urlsafe(16)}
        return web.json_response({**said, "id_token": self.token(given.sub, nonce=given.asked["nonce"])})

    def _knows(self, authorization: str) -> bool:
        kind, _, pair = authorization.partition(" ")
        try:
            client, _, secret = base64.b64decode(pair).decode().partition(":")
        except ValueError:
            return False
        return (kind, unquote_plus(client), unquote_plus(secret)) == ("Basic", self.client, self.secret)
