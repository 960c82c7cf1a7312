"""Wikipedia's page views, on recorded responses."""

from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.errors import BadCredentials, BadSetting, Rejected, Throttled, Unreachable, Unreadable, UpstreamError
from app.sources.base import Account, Reading, Response
from app.sources.wikipedia import Wikipedia
from app.sources.wikipedia_views import WikipediaViews
from tests.recorded import names, recorded
from workers.budget.values import Rate

TWELVE = ["2025-11", "2025-12", *(f"2026-{n:02}" for n in range(1, 11))]
VIEWS = [5120, 4987, 5533, 4710, 5010, 4876, 4555, 4398, 4721, 4602, 5987, 6241]
SERIES = [list(pair) for pair in zip(TWELVE, VIEWS, strict=True)]
ABOUT = {"month": "2026-10", "article": "맥북"}
OUTCOMES = {
    "ok": Reading("ok", 6241.0, data={**ABOUT, "series": SERIES}),
    "one_month": Reading("ok", 3.0, data={**ABOUT, "series": [["2026-10", 3]]}),
    "last_month_absent": Reading("missing", data={**ABOUT, "series": [["2026-03", 2], ["2026-09", 1]]}),
    "no_data": Reading("missing"),
    "no_data_older": Reading("missing"),
    "no_route": Unreadable,
    "no_full_months": Unreadable,
    "403": BadCredentials,
    "429": Throttled,
    "503": Unreachable,
}


def ms(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def november():
    with clock.frozen(ms("2026-11-21T12:00")):
        yield


def account(**values):
    settings = WikipediaViews.settings_class(_env_file=None, **{"base_url": "", "contact": "", **values})
    return Account("wikipedia_views", "test", WikipediaViews().budget_from(settings), settings)


def ask(keyword, channel="ko", **values):
    return WikipediaViews().ask(channel, [keyword], account(**values))


def read(response, keyword="맥북"):
    return WikipediaViews().read("ko", [keyword], response)


def title_of(request):
    return unquote(urlsplit(request.url).path.split("/")[9])


def range_of(request):
    return tuple(request.url.split("/")[-2:])


def test_every_recorded_response_has_an_outcome_here():
    assert names("wikipedia_views") == sorted(f"wikipedia_views/{name}" for name in OUTCOMES)


@pytest.mark.parametrize("name", OUTCOMES)
@pytest.mark.usefixtures("november")
def test_recorded(name):
    expected = OUTCOMES[name]
    if isinstance(expected, Reading):
        assert read(recorded(f"wikipedia_views/{name}")) == [expected]
    else:
        with pytest.raises(UpstreamError) as caught:
            read(recorded(f"wikipedia_views/{name}"))
        assert type(caught.value) is expected


def test_waits_that_were_asked_for():
    with pytest.raises(Throttled) as caught:
        read(recorded("wikipedia_views/429"))
    assert caught.value.retry_after == 17.0


def test_a_refused_identification_says_which_setting_helps():
    with pytest.raises(BadCredentials, match="KEYBATCH_WIKIPEDIA_VIEWS_CONTACT"):
        read(recorded("wikipedia_views/403"))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"items":null}'),
        (200, b'{"items":{}}'),
        (200, b'{"items":[7]}'),
        (200, b'{"items":[{"timestamp":"2026100100"}]}'),
        (200, b'{"items":[{"views":7}]}'),
        (200, b'{"items":[{"timestamp":"2026100100","views":null}]}'),
        (200, b'{"items":[{"timestamp":"2026100100","views":true}]}'),
        (200, b'{"items":[{"timestamp":"2026100100","views":-1}]}'),
        (200, b'{"items":[{"timestamp":"2026101500","views":7}]}'),
        (200, b'{"items":[{"timestamp":"2026100100","granularity":"daily","views":7}]}'),
        (200, b'{"items":[{"timestamp":"2026100100","views":7},{"timestamp":"x","views":7}]}'),
        (404, b"<html>Not Found</html>"),
        (404, b'{"httpCode":404,"httpReason":"Not Found"}'),
        (404, b'{"detail":"Not Found"}'),
        (404, b""),
    ],
)
@pytest.mark.usefixtures("november")
def test_anything_less_than_an_answer_is_an_error(status, body):
    with pytest.raises(Unreadable):
        read(Response(status, body))


@pytest.mark.usefixtures("november")
def test_no_beginning_of_an_answer_is_an_answer():
    body = recorded("wikipedia_views/ok").body
    for size in range(len(body)):
        with pytest.raises(Unreadable):
            read(Response(200, body[:size]))


@pytest.mark.usefixtures("november")
def test_no_view_at_all_is_missing_and_no_zero():
    assert read(Response(200, b'{"items":[]}')) == [Reading("missing")]


@pytest.mark.usefixtures("november")
def test_a_month_that_is_not_over_is_not_read():
    body = b'{"items":[{"timestamp":"2026100100","views":30},{"timestamp":"2026110100","views":7}]}'
    assert read(Response(200, body)) == [Reading("ok", 30.0, data={**ABOUT, "series": [["2026-10", 30]]})]


@pytest.mark.usefixtures("november")
def test_the_call():
    request = ask("맥북 프로", contact="me@example.org")
    assert request.url == (
        "https://wikimedia.org/api/rest_v1/metrics/pageviews/per-article/ko.wikipedia/all-access/user/"
        "%EB%A7%A5%EB%B6%81_%ED%94%84%EB%A1%9C/monthly/20251101/20261031"
    )
    assert request.headers == {"User-Agent": "Keybatch/0.1 (me@example.org)"}
    assert ask("x", "de", base_url="http://127.0.0.1:9/").url.startswith("http://127.0.0.1:9/api/rest_v1/metrics/")
    assert ask("x").headers == {"User-Agent": "Keybatch/0.1"}


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        ("2026-11-30T23:59:59", ("20251101", "20261031")),
        ("2026-12-01T00:00", ("20251101", "20261031")),
        ("2026-12-02T23:59:59", ("20251101", "20261031")),
        ("2026-12-03T00:00", ("20251201", "20261130")),
        ("2027-01-03T00:00", ("20260101", "20261231")),
        ("2028-03-05T00:00", ("20270301", "20280229")),
    ],
)
def test_a_month_is_asked_for_when_all_its_days_are_there(now, asked):
    with clock.frozen(ms(now)):
        assert range_of(ask("x")) == asked


@given(st.datetimes(datetime(2017, 1, 1), datetime(2100, 1, 1)), st.integers(0, 10_000))  # noqa: DTZ001
def test_an_answer_is_read_for_a_month_that_was_asked_for(at, took):
    asked_at = int(at.replace(tzinfo=UTC).timestamp() * 1000)
    with clock.frozen(asked_at):
        start, end = range_of(ask("맥북"))
    assert asked_at - ms(f"{end[:4]}-{end[4:6]}-{end[6:]}") > 2 * 86_400_000
    months = [f"{n // 12}{n % 12 + 1:02}" for n in range(int(start[:4]) * 12, int(end[:4]) * 12 + 12)]
    items = ",".join(
        f'{{"timestamp":"{month}0100","views":{month}}}' for month in months if start[:6] <= month <= end[:6]
    )
    with clock.frozen(asked_at + took):
        [reading] = read(Response(200, f'{{"items":[{items}]}}'.encode()))
    assert reading.state == "ok"
    assert f"{reading.value:.0f}" == reading.data["month"].replace("-", "")
    assert len(reading.data["series"]) >= 11


@pytest.mark.parametrize(
    ("keyword", "title"),
    [
        ("macbook", "Macbook"),
        ("albert  einstein ", "Albert_einstein"),
        (" _맥북\u00a0프로_ ", "맥북_프로"),
        ("école", "École"),
        ("e\u0301cole", "École"),
        ("ß", "ß"),
        ("iPhone\u200e", "IPhone"),
        ("AC/DC", "AC/DC"),
        ("C#", "C#"),
        ("100%?", "100%?"),
    ],
)
def test_a_keyword_is_written_as_a_title(keyword, title):
    assert title_of(ask(keyword)) == title


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_a_title_stays_within_its_part_of_the_address(keyword):
    try:
        request = ask(keyword)
    except Rejected:
        return
    parts = urlsplit(request.url).path.split("/")
    assert (len(parts), parts[10]) == (13, "monthly")
    assert parts[9] not in {"", ".", ".."}
    assert request.url.isascii()


@pytest.mark.parametrize("keyword", ["", " ", "_", "\u200e", ".", "..", " .. ", "가" * 86, "맥\ud800북"])
def test_what_no_article_can_be_called_is_rejected(keyword):
    with pytest.raises(Rejected):
        ask(keyword)


def test_the_longest_title_can_be_asked():
    assert title_of(ask("가" * 85)) == "가" * 85


@pytest.mark.parametrize(
    ("values", "rate"),
    [
        ({"contact": "https://example.org/about"}, Rate(200, 60)),
        ({}, Rate(10, 60)),
        ({"rate": "60/min"}, Rate(60, 60)),
    ],
)
def test_who_says_who_asks_may_ask_more(values, rate):
    budget = account(**values).budget
    assert (budget.rate, budget.concurrency, budget.quota) == (rate, 3, None)


@pytest.mark.parametrize("contact", ["me", "me@example.org\r\nX: 1", "(me@example.org)", "나@example.org"])
def test_a_contact_that_is_no_address_is_refused(contact, monkeypatch):
    monkeypatch.setenv("KEYBATCH_WIKIPEDIA_VIEWS_CONTACT", contact)
    with pytest.raises(BadSetting, match="KEYBATCH_WIKIPEDIA_VIEWS_CONTACT"):
        WikipediaViews().account()


def test_its_languages_are_those_of_the_search():
    assert list(WikipediaViews.channels) == list(Wikipedia.channels)
