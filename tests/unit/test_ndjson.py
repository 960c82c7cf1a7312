"""Keywords as JSON lines."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from app.services import ndjson

TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)


def lines(body: bytes):
    columns, found = ndjson.opened([body])
    return columns, list(found)


def test_strings_and_objects_are_keywords_with_what_stands_beside_them():
    columns, found = lines('"맥북"\n{"keyword": "우산", "group": "잡화", "rank": 3}\n\n'.encode())

    assert columns == ("group", "rank")
    assert [(line.number, line.text) for line in found] == [(1, "맥북"), (2, "우산")]
    assert found[1].others == {"group": "잡화", "rank": "3"}


def test_a_bad_line_is_named_and_costs_no_other():
    body = b'"a"\n{"keyword": 5}\nnope\n"\xff"\n["b"]\n"c"'
    _, found = lines(body)

    assert [(line.number, line.trouble) for line in found] == [
        (1, ""),
        (2, "not_json"),
        (3, "not_json"),
        (4, "not_text"),
        (5, "not_json"),
        (6, ""),
    ]


@given(st.lists(TEXT, max_size=30), st.integers(1, 9))
def test_what_was_written_is_read_in_pieces_of_any_size(keywords, size):
    body = b"".join(orjson.dumps(keyword) + b"\n" for keyword in keywords)
    pieces = [body[n : n + size] for n in range(0, len(body), size)]

    _, found = ndjson.opened(pieces)

    assert [line.text for line in found] == keywords
