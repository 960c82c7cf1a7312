"""Everything Keybatch raises on purpose, in one tree::

    KeybatchError
    ├── UpstreamError            an upstream answered with less than a reading
    │   ├── QuotaSpent           wait until its day turns
    │   ├── Throttled            slow down; not an attempt
    │   ├── BadCredentials       stop asking with this account, tell a person
    │   ├── Unreachable          timeout, DNS, 5xx: again, with jitter
    │   ├── Rejected             this keyword will never work
    │   └── Unreadable           answered, not understood
    ├── Refused                  the caller can mend it
    │   ├── EmptyInput           no keyword in what was given
    │   ├── NotText              bytes that are not UTF-8 text
    │   ├── TooLarge             more than is taken in one go
    │   ├── UnknownSource        no such source
    │   ├── NoSources            none was picked
    │   ├── MissingCredentials   the source wants settings that are not there
    │   ├── NoSuchBatch          no batch with that id
    │   ├── WrongState           not possible in the batch's state
    │   ├── NothingToRetry       no failed lookup fits
    │   └── BadValue             an argument that makes no sense
    └── Unavailable              something this house stands on is missing
        ├── BadSetting           a setting is missing or wrong
        ├── DatabaseDown         the database does not answer, or is not writable
        ├── RedisDown            Redis does not answer
        ├── PortTaken            someone else listens there
        ├── Unmigrated           the tables are not of this version
        └── PagesNotBuilt        the pages could not be built

An error answers the caller's question with attributes (``code``, ``facts``; upstream errors also
``permanent``, ``retry_after``, ``scope``), never by its text. ``sentence(language)`` says to a person what
happened and what to do next.
"""

import os
from collections.abc import Mapping
from typing import ClassVar, Literal

Language = Literal["en", "ko"]
Scope = Literal["keyword", "account", "upstream"]


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

    def sentence(self, language: Language = "en") -> str:
        """What happened and what to do next, for a person."""
        return (self.ko if language == "ko" else self.en).format(**self.facts)


class UpstreamError(KeybatchError):
    """An upstream answered with less than a reading. ``detail`` is its own word, at most 2 kB."""

    code = "upstream_error"
    http_status = 502
    en = "The upstream answered with an error: {detail}"
    ko = "외부 서비스가 오류로 답했습니다: {detail}"
    permanent: ClassVar[bool] = False
    scope: ClassVar[Scope] = "upstream"
    sent: bool = True

    def __init__(self, detail: str = "", retry_after: float | None = None) -> None:
        self.detail = detail[:2048]
        self.retry_after = retry_after
        super().__init__(detail=self.detail)


class QuotaSpent(UpstreamError):
    """The account's calls of the day are gone: wait until the day turns in the upstream's zone."""

    code = "quota_spent"
    en = "The quota is used up. The batch goes on by itself when it is renewed."
    ko = "사용할 수 있는 호출을 모두 썼습니다. 한도가 다시 채워지면 저절로 이어집니다."
    scope = "account"


class Throttled(UpstreamError):
    """Too fast for the upstream. Waiting for it is not an attempt."""

    code = "throttled"
    en = "The upstream asked to slow down; the rate was cut."
    ko = "외부 서비스가 속도를 늦추라고 했습니다. 속도를 낮췄습니다."
    scope = "account"


class BadCredentials(UpstreamError):
    """The upstream does not accept this account."""

    code = "bad_credentials"
    en = "The upstream does not accept these credentials: {detail} Correct them in the settings, then restart."
    ko = "외부 서비스가 인증 정보를 받아들이지 않습니다: {detail} 설정에서 고친 뒤 다시 시작하세요."
    permanent = True
    scope = "account"


class Unreachable(UpstreamError):
    """No answer: timeout, name, connection or a 5xx. ``sent``: whether the call got as far as the upstream."""

    code = "unreachable"
    en = "The upstream could not be reached: {detail}"
    ko = "외부 서비스에 연결할 수 없습니다: {detail}"

    def __init__(self, detail: str = "", retry_after: float | None = None, *, sent: bool = True) -> None:
        super().__init__(detail, retry_after)
        self.sent = sent


class Rejected(UpstreamError):
    """The upstream will never answer for this keyword."""

    code = "rejected"
    en = "The upstream refused this keyword: {detail}"
    ko = "외부 서비스가 이 키워드를 거절했습니다: {detail}"
    permanent = True
    scope = "keyword"


class Unreadable(UpstreamError):
    """The answer was not understood; ``detail`` keeps its first 2 kB."""

    code = "unreadable"
    en = "The answer could not be understood: {detail}"
    ko = "응답을 해석할 수 없습니다: {detail}"
    scope = "keyword"


class Refused(KeybatchError):
    """The caller can mend it; nothing was changed."""

    code = "refused"
    http_status = 400


class EmptyInput(Refused):
    """No keyword in what was given."""

    code = "empty_input"
    en = "There is no keyword in the input. Give one keyword a line."
    ko = "입력에 키워드가 없습니다. 한 줄에 하나씩 넣어 주세요."


class NotText(Refused):
    """Bytes that are not UTF-8 text."""

    code = "not_text"
    en = "Line {line} is not UTF-8 text. Save the list as UTF-8 text, one keyword a line, and try again."
    ko = "{line}번째 줄이 UTF-8 텍스트가 아닙니다. 한 줄에 키워드 하나씩, UTF-8 텍스트로 저장해 다시 시도하세요."


class TooLarge(Refused):
    """More than is taken in one go."""

    code = "too_large"
    http_status = 413
    en = "The input has more than {limit:,} {unit}. Split it into several batches."
    ko = "입력이 {limit:,} {unit}을(를) 넘습니다. 여러 배치로 나눠 주세요."


class UnknownSource(Refused):
    """No such source."""

    code = "unknown_source"
    en = 'There is no source "{source}". Known: {known}.'
    ko = '"{source}" 소스는 없습니다. 쓸 수 있는 소스: {known}.'


class NoSources(Refused):
    """None was picked."""

    code = "no_sources"
    en = "Pick at least one source."
    ko = "소스를 하나 이상 고르세요."


class MissingCredentials(Refused):
    """The source wants settings that are not there."""

    code = "missing_credentials"
    en = "{source} needs credentials. Set {settings} in the environment or in .env, then restart."
    ko = "{source}에는 인증 정보가 필요합니다. 환경 변수나 .env에 {settings}을(를) 넣고 다시 시작하세요."


class NoSuchBatch(Refused):
    """No batch with that id."""

    code = "no_such_batch"
    http_status = 404
    en = "There is no batch {batch}. See the list of batches for the ids."
    ko = "{batch}번 배치는 없습니다. 배치 목록에서 번호를 확인하세요."


_STATES_KO = {"queued": "대기열", "running": "진행 중", "waiting": "기다리는 중", "paused": "일시정지"}
_STATES_KO |= {"cancelling": "취소하는 중", "cancelled": "취소됨", "completed": "완료"}
_VERBS_KO = {"pause": "일시정지할", "resume": "이어서 진행할", "cancel": "취소할"}
_VERBS_KO |= {"retry": "다시 시도할", "rerun": "다시 실행할"}


class WrongState(Refused):
    """Not possible in the batch's state."""

    code = "wrong_state"
    http_status = 409
    en = "Batch {batch} is {state}; {verb} is not possible now."
    ko = "{batch}번 배치는 지금 {state} 상태라서 {verb} 수 없습니다."

    def sentence(self, language: Language = "en") -> str:
        """State and verb in the person's own words."""
        if language == "en":
            return super().sentence(language)
        state, verb = str(self.facts["state"]), str(self.facts["verb"])
        return self.ko.format(batch=self.facts["batch"], state=_STATES_KO.get(state, state), verb=_VERBS_KO[verb])


class NothingToRetry(Refused):
    """No failed lookup fits what was given."""

    code = "nothing_to_retry"
    http_status = 409
    en = "Batch {batch} has no failed lookup that fits. See its failures for their error classes and sources."
    ko = "{batch}번 배치에 조건에 맞는 실패가 없습니다. 실패 목록에서 오류 종류와 소스를 확인하세요."


class BadValue(Refused):
    """An argument that makes no sense. ``why`` is a sentence of its own."""

    code = "bad_value"
    en = "{name}: {value!r} does not fit. {why}"
    ko = "{name}: {value!r} 값이 맞지 않습니다. {why}"


class Unavailable(KeybatchError):
    """Something this house stands on is missing."""

    code = "unavailable"
    http_status = 503


class BadSetting(Unavailable):
    """A setting is missing or wrong. ``why`` says what and the remedy."""

    code = "bad_setting"
    en = "{name}: {why}"
    ko = "{name}: {why}"


class DatabaseDown(Unavailable):
    """The database does not answer, or is not writable."""

    code = "database_down"
    en = "The database {where} cannot be used: {why} Check KEYBATCH_DATABASE_URL and that it is running and writable."
    ko = "데이터베이스 {where}을(를) 쓸 수 없습니다: {why} KEYBATCH_DATABASE_URL과 실행 여부, 쓰기 권한을 확인하세요."


class RedisDown(Unavailable):
    """Redis does not answer."""

    code = "redis_down"
    en = "Redis at {where} does not answer. Start it (make run brings its own) or check KEYBATCH_REDIS_URL."
    ko = "{where}의 Redis가 응답하지 않습니다. 실행했는지(make run은 함께 실행합니다), KEYBATCH_REDIS_URL이 맞는지 확인하세요."


class PortTaken(Unavailable):
    """Someone else listens there."""

    code = "port_taken"
    en = "{host}:{port} is taken. Stop what listens there, or choose another port with --port or KEYBATCH_PORT."
    ko = "{host}:{port}을(를) 다른 프로그램이 쓰고 있습니다. 그것을 멈추거나 --port 또는 KEYBATCH_PORT로 다른 포트를 고르세요."


class Unmigrated(Unavailable):
    """The tables are not of this version."""

    code = "unmigrated"
    en = "The tables are not of this version. Run: python -m app migrate"
    ko = "테이블이 이 버전의 것이 아닙니다. 실행하세요: python -m app migrate"


class PagesNotBuilt(Unavailable):
    """The pages could not be built."""

    code = "pages_not_built"
    en = "The pages could not be built; the lines above say why. Mend it, then start again."
    ko = "화면을 만들지 못했습니다. 바로 위의 내용을 보고 고친 뒤 다시 시작하세요."
