"""The address that people use, however it is written."""

import pytest

from app.errors import BadSetting
from app.settings import Settings


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("https://KB.example.com/", "https://kb.example.com"),
        ("https://kb.example.com:443", "https://kb.example.com"),
        ("http://10.0.0.5:8000", "http://10.0.0.5:8000"),
        ("HTTP://[FD00::1]:80/", "http://[fd00::1]"),
    ],
)
def test_it_is_kept_as_browsers_write_it(given: str, kept: str):
    assert Settings.read(public_url=given).public_url == kept


@pytest.mark.parametrize(
    "given",
    ["kb.example.com", "ftp://a", "https://", "https://a/keybatch", "https://me@a", "https://a?x", "https://a:x"],
)
def test_what_is_more_or_less_than_that_is_refused(given: str):
    with pytest.raises(BadSetting, match="KEYBATCH_PUBLIC_URL"):
        Settings.read(public_url=given)
