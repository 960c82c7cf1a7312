"""What the caller can mend; nothing was changed."""

from typing import Any

from app.errors.base import KeybatchError, Language


class Refused(KeybatchError):
    """The caller can mend it; nothing was changed."""

    code = "refused"
    http_status = 400


class EmptyInput(Refused):
    """No keyword in what was given."""

    code = "empty_input"
    en = "There is no keyword in the input. Give one keyword a line."
    ko = "입력에 키워드가 없습니다. 한 줄에 하나씩 넣어 주세요."

    def more(self) -> dict[str, Any]:
        """Why lines that are there were not taken."""
        lines = self.facts.get("rejections")
        return {"rejections": lines} if lines else {}


class NotText(Refused):
    """Bytes that are no text and no workbook."""

    code = "not_text"
    en = "Line {line} is no text. Save the list as text (UTF-8 or CP949), as CSV or as XLSX, and try again."
    ko = "{line}번째 줄이 텍스트가 아닙니다. 텍스트(UTF-8 또는 CP949), CSV, XLSX로 저장해 다시 시도하세요."


class TooLarge(Refused):
    """More than is taken in one go."""

    code = "too_large"
    http_status = 413
    en = "The input has more than {limit:,} {unit}. Split it into several batches."
    ko = "입력이 {limit:,} {unit}을(를) 넘습니다. 여러 배치로 나눠 주세요."


class BadBody(Refused):
    """A request's body that cannot be read. ``why`` is a sentence of its own."""

    code = "bad_body"
    en = "The body cannot be read. {why}"
    ko = "본문을 읽을 수 없습니다. {why}"


class WrongMediaType(Refused):
    """A request's body of a kind that is not taken here."""

    code = "wrong_media_type"
    http_status = 415
    en = "Content-Type {given!r} is not taken here. Send one of {known}."
    ko = "Content-Type {given!r}은(는) 받지 않습니다. 다음 중 하나로 보내세요: {known}."


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


class NoSuchThing(Refused):
    """No token, webhook, delivery or person with that id; ``what`` names the kind."""

    code = "not_found"
    http_status = 404
    en = "There is no {what} {id}. See the list for the ids."
    ko = "{what} {id}은(는) 없습니다. 목록에서 번호를 확인하세요."


class AfterBeyondEnd(Refused):
    """A position in a batch's journal that it has not reached."""

    code = "after_beyond_end"
    en = "Batch {batch} has {seq} readings so far; there is nothing after {after}. Give {seq} or less."
    ko = "배치 {batch}의 결과는 아직 {seq}개입니다. {after} 다음은 없습니다. {seq} 이하를 넣으세요."


class NoSuchAccount(Refused):
    """No account with that name."""

    code = "no_such_account"
    http_status = 404
    en = "There is no account {account}. See the list of accounts for their names."
    ko = "{account} 계정은 없습니다. 계정 목록에서 이름을 확인하세요."


class InUse(Refused):
    """Work under way depends on it."""

    code = "in_use"
    http_status = 409
    en = "{what} is used by batches that have not ended ({batches}). Let them end or cancel them first."
    ko = "{what}은(는) 끝나지 않은 배치({batches})가 쓰고 있습니다. 배치가 끝나기를 기다리거나 먼저 취소하세요."


_STATES_KO = {"queued": "대기열", "running": "진행 중", "waiting": "기다리는 중", "paused": "일시정지"}

_STATES_KO |= {"cancelling": "취소하는 중", "cancelled": "취소됨", "completed": "완료"}

_VERBS_KO = {"pause": "일시정지할", "resume": "이어서 진행할", "cancel": "취소할"}

_VERBS_KO |= {"retry": "다시 시도할", "rerun": "다시 실행할", "forget": "지울"}


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


class NothingRelated(Refused):
    """Its readings name no further keywords."""

    code = "nothing_related"
    http_status = 409
    en = "The readings of batch {batch} name no further keywords. Ask a source that does, as naver_searchad.related."
    ko = "{batch}번 배치의 결과에 연관 키워드가 없습니다. naver_searchad.related처럼 연관 키워드를 주는 소스로 조회하세요."


class NothingMatches(Refused):
    """No row of the table fits what was asked for."""

    code = "nothing_matches"
    http_status = 409
    en = "No row of batch {batch} matches. Look at its table with the same filter and search, and make them wider."
    ko = "{batch}번 배치에 조건에 맞는 행이 없습니다. 같은 필터와 검색어로 표를 확인하고 조건을 넓혀 보세요."


class BadValue(Refused):
    """An argument that makes no sense. ``why`` is a sentence of its own."""

    code = "bad_value"
    en = "{name}: {value!r} does not fit. {why}"
    ko = "{name}: {value!r} 값이 맞지 않습니다. {why}"


class ProtectedSheet(Refused):
    """A workbook that a password protects."""

    code = "protected_sheet"
    en = "The workbook is protected by a password. Save it without one, or as CSV, and try again."
    ko = "암호가 걸린 엑셀 파일입니다. 암호를 풀거나 CSV로 저장해 다시 시도하세요."


class BrokenSheet(Refused):
    """A workbook that cannot be opened."""

    code = "broken_sheet"
    en = "The workbook cannot be opened: it is damaged or incomplete. Save it again, or as CSV, and try again."
    ko = "엑셀 파일을 열 수 없습니다. 손상되었거나 일부가 빠져 있습니다. 다시 저장하거나 CSV로 저장해 다시 시도하세요."
