"""The root of the tree, and the language in which it speaks."""

import os
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

Language = Literal["en", "ko"]


def language_of(environment: Mapping[str, str] = os.environ) -> Language:
    """Korean when the locale of the terminal is Korean, English otherwise."""
    locale = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return "ko" if locale.lower().startswith("ko") else "en"


class KeybatchError(Exception):
    """The root. ``facts`` fill the sentences; ``code`` is stable for programs."""

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500
    en: ClassVar[str] = "Something went wrong."
    ko: ClassVar[str] = "문제가 생겼습니다."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.sentence("en"))

    def more(self) -> dict[str, Any]:
        """What a program is told besides, as JSON."""
        return {}

    def sentence(self, language: Language = "en") -> str:
        """What happened and what to do next, for a person."""
        return (self.ko if language == "ko" else self.en).format(**self.facts)

    def http_headers(self) -> dict[str, str]:
        """What an answer that tells this error over HTTP has in its headers."""
        return {}
