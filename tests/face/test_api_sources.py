"""The catalogue over HTTP."""

from app.services.catalogue import catalogue
from tests.face.api import Api


def test_every_source_is_told_in_both_languages(api: Api):
    answer = api.get("/api/v1/sources")

    assert answer.status_code == 200, answer.text
    found = {source["name"]: source for source in answer.json()["sources"]}
    assert list(found) == [info.name for info in catalogue(api.house)]
    offline, naver = found["wordfreq.ko"], found["naver.blog"]
    assert (offline["ready"], offline["offline"], offline["rate"]) == (True, True, None)
    assert naver["title"] == {"ko": "블로그 문서수", "en": "Blog posts"}
    assert naver["upstream"]["title"] == {"ko": "네이버", "en": "Naver"}
    assert not naver["ready"]
    assert "KEYBATCH_NAVER_CLIENT_ID" in naver["missing"]
    assert (naver["rate"], naver["quota"]) == ("10/s", 25_000)
    assert {"key": "suggestion", "title": {"ko": "추천 검색어", "en": "Suggestion"}} in found["naver.errata"]["columns"]


def test_it_takes_the_scope_read(api: Api):
    assert api.as_of("main", "submit").get("/api/v1/sources").status_code == 403
    assert api.client.get("/api/v1/sources").status_code == 401
