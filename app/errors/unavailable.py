"""Something this house stands on is missing."""

from app.errors.base import KeybatchError


class Unavailable(KeybatchError):
    """Something this house stands on is missing."""

    code = "unavailable"
    http_status = 503


class BadSetting(Unavailable):
    """A setting is missing or wrong. ``why`` says what and the remedy."""

    code = "bad_setting"
    en = "{name}: {why}"
    ko = "{name}: {why}"


class WrongKey(Unavailable):
    """Stored credentials cannot be opened."""

    code = "wrong_key"
    en = (
        "The credentials of {about} cannot be opened with KEYBATCH_ENCRYPTION_KEY. "
        "Put the key they were sealed with back (old keys may follow, after a comma), or enter them anew."
    )
    ko = (
        "{about}의 인증 정보를 KEYBATCH_ENCRYPTION_KEY로 열 수 없습니다. "
        "저장할 때 쓴 키를 되돌리거나(쉼표 뒤에 옛 키를 이어 적을 수 있습니다) 인증 정보를 다시 입력하세요."
    )


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


class NotWritten(Unavailable):
    """An export could not be written to a file. ``why`` is a sentence of its own."""

    code = "not_written"
    en = (
        "The file could not be written: {why} See that the data folder has room, or take CSV or JSONL, which need none."
    )
    ko = "파일을 만들지 못했습니다: {why} 데이터 폴더의 빈 공간을 확인하거나, 공간이 필요 없는 CSV나 JSONL로 받으세요."
