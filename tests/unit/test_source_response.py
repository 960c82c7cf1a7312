"""What all sources read with: statuses, waits, JSON, counts."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadCredentials, Rejected, Throttled, Unreachable, Unreadable
from app.sources.base import LONGEST_WAIT_S, Response, said, whole


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (200, None),
        (204, None),
        (302, Unreadable),
        (400, Unreadable),
        (401, BadCredentials),
        (403, Unreadable),
        (404, Unreadable),
        (408, Unreachable),
        (413, Rejected),
        (414, Rejected),
        (429, Throttled),
        (431, Rejected),
        (500, Unreachable),
        (503, Unreachable),
        (599, Unreachable),
    ],
)
def test_a_status_alone_tells(status, error):
    trouble = Response(status, b"words").trouble()
    assert type(trouble) is (error or type(None))
    if trouble:
        assert "words" in trouble.detail
        assert str(status) in trouble.detail


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "17"}, 17.0),
        ({"retry-after": " 0 "}, 0.0),
        ({"retry-after": "9" * 400}, LONGEST_WAIT_S),
        ({"retry-after": "Sat, 21 Nov 2026 03:00:30 GMT", "date": "Sat, 21 Nov 2026 03:00:00 GMT"}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 02:59:00 GMT", "date": "Sat, 21 Nov 2026 03:00:00 GMT"}, 0.0),
        ({"retry-after": "Sat, 21 Nov 2026 03:00:30 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "٣"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers, seconds):
    assert Response(429, b"", headers).retry_after == seconds


@given(st.text(), st.text())
def test_any_retry_after_is_a_wait_or_nothing(after, date):
    wait = Response(429, b"", {"retry-after": after, "date": date}).retry_after
    assert wait is None or 0 <= wait <= LONGEST_WAIT_S


@pytest.mark.parametrize(
    "body",
    [
        b'{"total":1}',
        b'\xef\xbb\xbf{"total":1}',
        b'{"total":1,"title":"\\ud83d"}',
        b'{"total":1,"title":"a\x08b"}',
        b'{"total":1,"title":"\xec\xa0"}',
    ],
)
def test_json_with_flaws_in_its_texts_is_read(body):
    assert Response(200, body).json()["total"] == 1


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"[" * 100_000, b"9" * 5000, b"\xff\xfe", b"{'total':1}"])
def test_what_is_no_json_is_unreadable(body):
    with pytest.raises(Unreadable) as caught:
        Response(200, body).json()
    assert len(caught.value.detail) <= 2048


@pytest.mark.parametrize(("value", "count"), [(0, 0.0), (12, 12.0), ("12", 12.0), ("0", 0.0), (2**53, float(2**53))])
def test_counts(value, count):
    assert whole(value) == count
    assert isinstance(whole(value), float)


@pytest.mark.parametrize(
    "value",
    [True, False, None, -1, 1.0, 1.5, float("nan"), "", "-1", "1.0", "1e3", " 1", "١٢", "0" * 17, 2**53 + 1, [], {}],
)
def test_no_counts(value):
    assert whole(value) is None


@given(st.binary())
def test_an_excerpt_can_be_stored_anywhere(body):
    text = Response(200, body).excerpt
    assert "\0" not in text
    assert text.encode().decode() == text


@given(st.text(st.characters()))
def test_what_was_said_can_be_stored_anywhere(text):
    assert "\0" not in said(text)
    orjson.dumps(said(text))
