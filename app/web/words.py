"""The words of the pages, in Korean and English: the Fluent catalogues under ``locales/``, a file an area.

A key stands for one thing in all of them. Numbers and plurals are written by Fluent with Babel's rules.
"""

from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from app.errors import Language

_FOLDER = Path(__file__).with_name("locales")


@cache
def _bundle(language: Language) -> FluentBundle:
    """Everything that is said in ``language``."""
    bundle = FluentBundle([{"ko": "ko-KR", "en": "en-GB"}[language]], use_isolating=False)
    for file in sorted((_FOLDER / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle


def known(key: str) -> bool:
    """Whether there is a word for ``key``."""
    return _bundle("ko").has_message(key)


def word(key: str, language: Language, **facts: object) -> str:
    """The word for ``key`` with ``facts`` in it. An unknown key is itself, so that a new reason or state is shown
    rather than lost."""
    if not facts:
        return _plain(key, language)
    return _said(key, language, facts)


@cache
def _plain(key: str, language: Language) -> str:
    return _said(key, language, {}) if known(key) else key


def _said(key: str, language: Language, facts: dict[str, object]) -> str:
    bundle = _bundle(language)
    if not bundle.has_message(key):
        return key
    pattern = bundle.get_message(key).value
    return str(bundle.format_pattern(pattern, facts)[0]) if pattern is not None else key


def both(key: str) -> tuple[str, str]:
    """The word for ``key`` in Korean and in English. Raises KeyError for an unknown one: a page that names it is
    wrong."""
    if not known(key):
        raise KeyError(key)
    return word(key, "ko"), word(key, "en")
