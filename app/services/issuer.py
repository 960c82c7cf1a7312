"""The issuer that vouches for people (OpenID Connect): where it is asked, with what keys it signs, and what it says.

Settings: oidc_issuer, oidc_client_id, oidc_client_secret. Calls take `_LONGEST_S` at most, follow no redirect, and
read no more than `_MOST` bytes. Its description is asked for again after an hour, and so are its keys; a key that is
not known is looked for at once, but every `_AGAIN_S` at most: anybody can name one.
"""

import base64
import json
import threading
import time
from collections.abc import Mapping
from functools import lru_cache
from http.client import HTTPException
from typing import Any, NoReturn
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt
from jwt import PyJWK
from jwt.exceptions import (
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAudienceError,
    InvalidIssuerError,
    PyJWTError,
)

from app.errors import IssuerDown, NotVouched
from app.settings import Settings, is_loopback

#: The ways to sign that are believed. Those with a shared secret are none: the public key would be that secret.
ALGORITHMS = ("RS256", "ES256")
#: How far the issuer's clock may be from ours.
LEEWAY_S = 60
_LONGEST_S, _MOST, _FRESH_S, _AGAIN_S = 5.0, 512 * 1024, 3_600.0, 60.0
#: Seconds in which an issuer that did not answer is not asked again.
_REST_S = 2.0
_REQUIRED = ("iss", "sub", "aud", "exp", "iat")
#: Why its word was not taken.
_WHY: dict[type[PyJWTError], tuple[str, str]] = {
    ExpiredSignatureError: ("its time is over, or the clocks differ", "유효 시간이 지났거나 시계가 서로 다릅니다"),
    ImmatureSignatureError: ("its time has not come, or the clocks differ", "아직 유효하지 않거나 시계가 다릅니다"),
    InvalidAudienceError: ("it is meant for another application", "다른 애플리케이션에 발급된 것입니다"),
    InvalidIssuerError: ("it is from another issuer", "다른 발급자가 발급한 것입니다"),
}
_UNSIGNED = ("its signature is not the issuer's", "발급자의 서명이 아닙니다")
_NONCE = ("it answers another question", "다른 로그인 요청에 대한 응답입니다")
_REFUSED = ("the issuer refused", "발급자가 거절했습니다")


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """None: whoever answers elsewhere is not who was asked."""


class Issuer:
    """One issuer, as this house is known to it."""

    def __init__(self, url: str, client: str, secret: str) -> None:
        self.url, self._client, self._secret = url, client, secret
        self._opener = build_opener(_NoRedirect)
        self._lock = threading.Lock()
        self._about: dict[str, Any] = {}
        self._keys: dict[str, PyJWK] = {}
        self._about_at = self._keys_at = float("-inf")
        self._rests_until, self._trouble = 0.0, ""

    def leads_to(self, back: str, state: str, nonce: str, challenge: str) -> str:
        """Where a browser is sent to sign in; it comes to ``back``. Raises IssuerDown."""
        asked = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": back,
            "scope": "openid profile email",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        where = self._place("authorization_endpoint")
        return f"{where}{'&' if urlsplit(where).query else '?'}{urlencode(asked)}"

    def told(self, code: str, back: str, verifier: str, nonce: str) -> dict[str, Any]:
        """What the issuer says of who came back with ``code``. Raises IssuerDown, NotVouched."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self._secret:
            pair = f"{quote(self._client, safe='')}:{quote(self._secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form["client_id"] = self._client
        said = self._asked(self._place("token_endpoint"), urlencode(form).encode(), headers)
        claims = self.claims(str(said.get("id_token", "")))
        if claims.get("nonce") != nonce:
            _refuse(_NONCE)
        return claims

    def claims(self, token: str) -> dict[str, Any]:
        """What a token of the issuer says, once all of it is checked. Raises IssuerDown, NotVouched."""
        try:
            head = jwt.get_unverified_header(token)
        except PyJWTError:
            _refuse(_UNSIGNED)
        if head.get("alg") not in ALGORITHMS:
            _refuse(_UNSIGNED)
        key = self._key(str(head.get("kid", "")), head["alg"])
        try:
            found: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[head["alg"]],
                audience=self._client,
                issuer=self.url,
                leeway=LEEWAY_S,
                options={"require": list(_REQUIRED)},
            )
        except PyJWTError as exc:
            _refuse(_WHY.get(type(exc), _UNSIGNED))
        several = isinstance(found["aud"], list) and len(found["aud"]) > 1
        if (several or "azp" in found) and found.get("azp") != self._client:
            _refuse(_WHY[InvalidAudienceError])
        if not isinstance(found["sub"], str) or not 1 <= len(found["sub"]) <= 255 or not found["sub"].isprintable():
            _refuse(_UNSIGNED)
        return found

    def _key(self, name: str, algorithm: str) -> PyJWK:
        """The key called ``name``, of the kind that signs so. Raises IssuerDown, NotVouched."""
        with self._lock:
            age = time.monotonic() - self._keys_at
            if age >= _FRESH_S or (name not in self._keys and age >= _AGAIN_S):
                try:
                    self._read_keys()
                except IssuerDown:
                    if name not in self._keys:  # else it is known; that it may be old is no reason to be away
                        raise
            found = self._keys.get(name)
        if found is None or found.algorithm_name != algorithm:
            _refuse(_UNSIGNED)
        return found

    def _read_keys(self) -> None:
        said = self._asked(self._place("jwks_uri"))
        keys = {}
        for one in said.get("keys", ()) if isinstance(said.get("keys"), list) else ():
            algorithm = {"RSA": "RS256", "EC": "ES256"}.get(str(one.get("kty")) if isinstance(one, dict) else "")
            if algorithm is None or one.get("use", "sig") != "sig" or one.get("alg", algorithm) != algorithm:
                continue
            try:
                keys[str(one.get("kid", ""))] = PyJWK(one, algorithm)
            except PyJWTError:
                continue  # one that this house cannot use takes nothing from the others
        self._keys, self._keys_at = keys, time.monotonic()

    def _place(self, name: str) -> str:
        """An address out of the issuer's description of itself. Raises IssuerDown."""
        if time.monotonic() - self._about_at >= _FRESH_S:
            said = self._asked(f"{self.url.rstrip('/')}/.well-known/openid-configuration")
            if said.get("issuer") != self.url:
                self._down("it calls itself otherwise")
            self._about, self._about_at = said, time.monotonic()
        where = str(self._about.get(name, ""))
        parts = urlsplit(where)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            self._down(f"its {name} is no address with https://")
        return where

    def _asked(self, where: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """What it answers, as JSON. Raises IssuerDown; NotVouched where it refuses what was sent to it."""
        if body is None and time.monotonic() < self._rests_until:
            self._down(self._trouble)
        request = Request(where, body, {"Accept": "application/json", **(headers or {})})  # noqa: S310 -- http(s) only
        ends = time.monotonic() + _LONGEST_S
        try:
            with self._opener.open(request, timeout=_LONGEST_S) as answer:
                said = bytearray()
                while piece := answer.read1(65_536):
                    said += piece
                    if len(said) > _MOST or time.monotonic() > ends:
                        self._down("its answer does not end")
            found = json.loads(said)
        except HTTPError as exc:
            exc.close()
            if body is not None and 400 <= exc.code < 500:
                _refuse(_REFUSED)
            self._down(f"status {exc.code}")
        except (OSError, HTTPException, ValueError) as exc:
            self._down(type(exc).__name__)
        if not isinstance(found, dict):
            self._down("its answer is no JSON object")
        return found

    def _down(self, why: str) -> NoReturn:
        if time.monotonic() >= self._rests_until:
            self._rests_until, self._trouble = time.monotonic() + _REST_S, why
        raise IssuerDown(issuer=urlsplit(self.url).netloc, why=why)


def of(settings: Settings) -> Issuer:
    """The issuer of this house; call it only where one is set."""
    return _of(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret.get_secret_value())


@lru_cache(maxsize=4)
def _of(url: str, client: str, secret: str) -> Issuer:
    return Issuer(url, client, secret)


def _refuse(why: tuple[str, str]) -> NoReturn:
    raise NotVouched(en=why[0], ko=why[1])
