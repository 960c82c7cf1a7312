"""The API's own page: open, whole, and nothing of it from elsewhere."""

import re

from tests.face.api import Api


def test_the_page_needs_no_token_and_loads_only_what_is_served_here(api: Api):
    page = api.client.get("/api/docs")

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "//" not in page.text.replace("<!doctype html>", "")
    loaded = re.findall(r'(?:src|href)="(/api/docs/[^"]+)"', page.text)
    assert len(loaded) == 4
    for url in loaded:
        asset = api.client.get(url)
        assert asset.status_code == 200
        assert asset.headers["content-type"].startswith(("text/css", "text/javascript"))
        assert asset.content


def test_its_policy_lets_nothing_in_from_elsewhere(api: Api):
    policy = api.client.get("/api/docs").headers["content-security-policy"]
    told = dict(part.split(" ", 1) for part in policy.split("; "))

    assert told["default-src"] == told["frame-ancestors"] == "'none'"
    assert told["script-src"] == told["connect-src"] == "'self'"
    assert "http" not in policy


def test_there_is_nothing_else_beside_it(api: Api):
    for name in ("index.html", "..%2fmain.py", "swagger-ui.css.map"):
        answer = api.client.get(f"/api/docs/{name}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), name
    assert "/api/docs" not in api.client.get("/api/openapi.json").json()["paths"]
