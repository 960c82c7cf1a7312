"""What the page of sources shows and what its forms take, by pure functions."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadValue, Language, Unreadable
from app.services import keeping
from app.services.holdings import AccountView, KeptView
from app.sources import http, registry
from app.sources.base import Reading, Response
from app.sources.registry import Source
from app.web import accounts, fields, specs, trials
from app.web.words import known, word
from workers.engine.trial import Trial

NOW = 1_763_700_000_000  # 2025-11-21 13:40 KST
SECRET = "a-secret-that-nobody-may-see-0042"
SPEC_FORM = {
    "name": "shop",
    "title": "내 상점",
    "url": "https://shop.example/api?q={keyword}",
    "method": "GET",
    "headers": f"X-Key: {SECRET}\nAccept: application/json",
    "path": "meta.total",
    "rules": "429 = throttled\nerror.code == 'LIMIT' = quota_spent",
    "rate": "5/s",
    "daily_quota": "1,000",
    "zone": "Asia/Seoul",
    "decimals": "2",
}


def view(**changes):
    values = {
        "key": "naver/team",
        "upstream": "naver",
        "rate": "10/s",
        "rate_part": 1.0,
        "spent_today": 500,
        "reserved": 0,
        "quota": 1_000,
        "left_today": 500,
        "reserve": 0,
        "spent_month": 0,
        "monthly": None,
        "left_month": None,
        "renewed_at": NOW + 3_600_000,
        "kept": KeptView("…0042", {}, "untried", None),
    }
    return AccountView(**(values | changes))


def tried(how):
    return KeptView("…0042", {}, how, NOW)


@pytest.mark.parametrize(
    ("changes", "health", "english"),
    [
        ({}, "idle", "not tested"),
        ({"kept": tried("")}, "ok", "ready"),
        ({"kept": tried("bad_credentials")}, "fail", "credentials refused"),
        ({"kept": tried("throttled")}, "wait", "asked to slow down"),
        ({"kept": tried("of_tomorrow")}, "fail", "of_tomorrow"),
        ({"key": "naver/default", "kept": None}, "ok", "ready"),
        ({"reason": "quota", "until": NOW + 3_600_000}, "wait", "waiting for quota · today 14:40 KST"),
        ({"reason": "credentials", "trouble": "bad_credentials", "detail": "024."}, "fail", "credentials refused"),
        ({"left_today": 0, "kept": tried("")}, "wait", "waiting for quota"),
        ({"reason": "upstream_down", "until": NOW + 5_000}, "wait", "waiting for the upstream"),
    ],
)
def test_an_account_says_how_it_stands(changes, health, english):
    line = accounts.line(view(**changes), True, NOW, "en")
    assert (line.health, line.label) == (health, english)


def test_an_accounts_figures_are_told_with_what_limits_them():
    line = accounts.line(view(spent_today=800, rate_part=0.5), True, NOW, "en")
    assert (line.spent, line.quota, line.width, line.full) == ("800", "1,000", "80.000%", "below")
    assert (line.rate, line.cut, line.back) == ("5.0/s", "cut from 10/s", "renewed today 14:40 KST")
    free = accounts.line(view(quota=None, rate=""), True, NOW, "en")
    assert (free.quota, free.width, free.back, free.rate) == ("", "", "", "no limit")


@given(st.integers(0, 10**7), st.integers(1, 10**6))
def test_a_bar_is_never_wider_than_its_box_and_full_only_when_nothing_is_left(spent, quota):
    line = accounts.line(view(spent_today=spent, quota=quota), True, NOW, "ko")
    assert 0 <= float(line.width.removesuffix("%")) <= 100
    assert (line.full == "failed") == (spent >= quota)


def found(*views, **changes):
    values = {"upstreams": registry.upstreams(), "infos": [], "accounts": views, "broken": {}, "addresses": {}}
    return accounts.Found(**(values | changes))


def test_korean_services_come_first_and_ones_own_last():
    names = [one.name for one in accounts.panels(found(), {}, NOW, "en")]
    assert (names[0], names[-1]) == ("naver", "http")
    assert set(names) == registry.upstreams().keys()


def test_settings_that_are_missing_are_named_and_make_no_account():
    missing = view(key="naver/default", kept=None, missing=("KEYBATCH_NAVER_CLIENT_ID",))
    naver = accounts.panels(found(missing, view()), {}, NOW, "ko")[0]
    assert naver.needs == "KEYBATCH_NAVER_CLIENT_ID"
    assert [one.name for one in naver.accounts] == ["team"]


def test_a_notice_and_terms_are_shown_in_the_persons_language():
    told = view(notice=("곧 끝납니다.", "It ends soon."))
    assert accounts.line(told, True, NOW, "ko").notice == "곧 끝납니다."
    assert accounts.line(told, True, NOW, "en").notice == "It ends soon."
    terms = {one.name: one.terms for one in accounts.panels(found(), {}, NOW, "en")}
    assert terms["naver_searchad"] == registry.upstreams()["naver_searchad"].terms_en


def test_the_form_never_holds_a_secret_and_says_which_fields_are_needed():
    before = {"client_id": "an-id", "client_secret": SECRET}
    form = fields.form(registry.upstreams()["naver"], "team", before, 1, "ko")
    by_name = {one.name: one for one in (*form.main, *form.limits)}
    assert SECRET not in str(asdict(form))
    assert by_name["set:client_id"].value == "an-id"
    assert (by_name["set:client_secret"].kind, by_name["set:client_secret"].needed) == ("secret", True)
    assert [one.value for one in by_name["set:platform"].options] == ["legacy", "hub"]
    assert by_name["set:platform"].value == "legacy"


@pytest.mark.parametrize(
    "upstream", [one for one in registry.upstreams().values() if one.needs], ids=lambda one: one.name
)
def test_every_field_of_every_account_has_a_name_in_both_languages(upstream):
    assert all(known(f"field_{name}") for name in keeping.fields(upstream))


def test_a_submitted_form_becomes_a_spec_and_back():
    spec = specs.spec(SPEC_FORM, "")
    assert (spec.name, spec.daily_quota, spec.decimals, spec.method) == ("shop", 1_000, 2, "GET")
    assert spec.rules == (("429", "throttled"), ("error.code == 'LIMIT'", "quota_spent"))
    assert spec.header_names == ("X-Key", "Accept")
    http.check(spec, specs.headers(SPEC_FORM))
    form = specs.shown(spec, 1)
    assert SECRET not in str(asdict(form))
    assert specs.spec({**asdict(form), "title": form.title}, form.changes) == spec


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"rules": "429"}, "rules"),
        ({"rules": "error.code == 'X'"}, "rules"),
        ({"daily_quota": "many"}, "daily_quota"),
        ({"decimals": "-1"}, "decimals"),
        ({"headers": SECRET}, "headers"),
    ],
)
def test_what_a_form_cannot_mean_is_refused_by_its_field_and_repeats_no_secret(change, name):
    with pytest.raises(BadValue) as refused:
        specs.spec(SPEC_FORM | change, "")
    assert refused.value.facts["name"] == name
    for language in ("ko", "en"):
        said = fields.refusal(refused.value, "source", language)
        assert said.startswith(word(f"source_{name}", language))
        assert SECRET not in said


def test_an_address_without_a_body_is_asked_with_get():
    assert specs.spec(SPEC_FORM | {"body": '{"q":"{keyword}"}'}, "").body == ""
    assert specs.spec(SPEC_FORM | {"body": '{"q":"{keyword}"}', "method": "POST"}, "").body


@given(st.text("abcXYZ019-_.", min_size=6, max_size=40), st.text(max_size=30), st.text(max_size=30))
def test_a_secret_that_an_upstream_repeats_is_not_told(secret, before, after):
    assert secret not in trials.redacted(f"{before}{secret}{after}", [f"Bearer {secret}"])


def shown(trial, language: Language = "en"):
    upstream = http.defined(specs.spec(SPEC_FORM, ""), {})
    return trials.shown(trial, Source(upstream, "shop"), "http.shop · 맥북", (SECRET,), language)


def test_a_trial_tells_the_reading_and_the_beginning_of_the_answer():
    told = shown(Trial(Reading("ok", 1234.5), None, 12, f'HTTP 200: {{"key":"{SECRET}"}}'))
    assert (told.kind, told.text, told.answer) == ("ok", "1,234.50 · 12 ms", 'HTTP 200: {"key":"…"}')
    assert shown(Trial(Reading("missing"), None)).text == "not in answer"
    assert shown(Trial(Reading("below", upper=10.0), None)).text == "< 10.00"
    assert shown(Trial(Reading("ok", 0.0), None)).text == "0.00"


def test_a_trial_that_failed_shows_the_answer_once():
    response = Response(200, b'{"total":3}')
    with pytest.raises(Unreadable) as failed:
        http.defined(specs.spec(SPEC_FORM, ""), {}).read("shop", ["a"], response)
    told = shown(Trial(None, failed.value, 5, response.excerpt), "ko")
    assert (told.kind, told.answer) == ("fail", 'HTTP 200: {"total":3}')
    assert told.text == "응답을 해석할 수 없습니다: HTTP 200"
