"""Where the door lets go on to: only ever a page of this house."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.door import local

HOME = "http://localhost:8000"
TRICKS = st.sampled_from(
    ["/", "//", "\\", "/\\", "\t", "\r\n", "@", ":", "http:", "javascript:", "%2f", "%5c", "?", "#"]
)
TRICKS |= st.sampled_from([".", "..", "evil.test", "\u3002", "\uff0f", "\x00", " ", "batches", "sign-in"])
addresses = st.one_of(st.text(max_size=40), st.lists(TRICKS, max_size=8).map("".join))


def as_a_browser(wanted: str) -> str:
    """The host that a browser would go to: it drops tabs and line ends, and takes a backslash for a slash."""
    told = "".join(letter for letter in wanted if letter not in "\t\r\n").strip("\x00\x20").replace("\\", "/")
    return urlsplit(urljoin(f"{HOME}/sign-in", told)).netloc


@given(addresses)
def test_nobody_is_sent_to_another_address(wanted: str):
    going = local(wanted)
    assert going.startswith("/")
    assert as_a_browser(going) == "localhost:8000"
    assert not {"\r", "\n"} & set(going)


@given(addresses)
def test_what_is_gone_on_to_is_what_was_wanted_or_the_first_page(wanted: str):
    assert local(wanted) in (wanted, "/")
    assert local(local(wanted)) == local(wanted)


@pytest.mark.parametrize("wanted", ["/", "/new", "/batches/7?start=50", "/rq/", "/%EB%B0%B0", "/a//b", "/?next=//evil"])
def test_pages_of_this_house_are_gone_on_to(wanted: str):
    assert local(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "", "new", "//evil.test", "///evil.test", "/\\evil.test", "\\\\evil.test", "/\t/evil.test", "/\r\nSet-Cookie:a",
        "http://evil.test", "https:evil.test", "javascript:alert(1)", " /new", "/배치", "/sign-in", "/sign-in/?next=/a",
        "/sign-out", "/welcome#a", "/" + "a" * 3000,
    ],
)  # fmt: skip
def test_anything_else_is_the_first_page(wanted: str):
    assert local(wanted) == "/"
