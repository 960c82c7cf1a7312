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


class DiskFull(DatabaseDown):
    """The database has no room for what is to be written. Nothing of it is stored; what is there can be read."""

    code = "disk_full"
    http_status = 507
    en = "There is no room left on the disk of the database {where} ({why}) Free some; what waits to be stored then is."
    ko = "데이터베이스 {where}의 디스크에 남은 공간이 없습니다 ({why}) 공간을 비우면 저장을 기다리던 것이 이어서 저장됩니다."


class NoRoom(Unavailable):
    """A file that somebody gave cannot be kept here."""

    code = "no_room"
    http_status = 507
    en = "What was sent cannot be kept in {folder} ({why}). Whoever runs this house has to free some room there; then send it again."
    ko = "보낸 것을 {folder}에 둘 수 없습니다 ({why}). 운영자가 그곳의 공간을 비운 뒤 다시 보내세요."


class NewerDatabase(Unavailable):
    """The tables are of a version that came after this one. Nothing is written to them."""

    code = "newer_database"
    en = (
        "The database {where} is of a newer version (revision {revision}) than this program, which writes nothing there. "
        "Upgrade Keybatch on this machine and start it again, or restore a backup of this version."
    )
    ko = (
        "데이터베이스 {where}이(가) 이 프로그램보다 새 버전(리비전 {revision})의 것이라 아무것도 쓰지 않습니다. "
        "이 컴퓨터의 Keybatch를 업그레이드해 다시 시작하거나, 이 버전의 백업을 복원하세요."
    )


class ForeignDatabase(Unavailable):
    """There are tables, but none that says of which version: somebody else's, or restored in part."""

    code = "foreign_database"
    en = (
        "The database {where} holds tables ({tables}) that no version of Keybatch has finished. They are of something "
        "else, or were restored in part. Give KEYBATCH_DATABASE_URL an empty database, or restore a whole backup."
    )
    ko = (
        "데이터베이스 {where}에 Keybatch의 버전 표시가 없는 테이블({tables})이 있습니다. 다른 프로그램의 것이거나 일부만 복원된 것입니다. "
        "KEYBATCH_DATABASE_URL에 빈 데이터베이스를 지정하거나 백업 전체를 복원하세요."
    )


class RedisDown(Unavailable):
    """Redis does not answer."""

    code = "redis_down"
    en = "Redis at {where} does not answer. Start it (make run brings its own) or check KEYBATCH_REDIS_URL."
    ko = "{where}의 Redis가 응답하지 않습니다. 실행했는지(make run은 함께 실행합니다), KEYBATCH_REDIS_URL이 맞는지 확인하세요."


class RedisFull(RedisDown):
    """Redis takes nothing more: it has reached its `maxmemory`."""

    code = "redis_full"
    en = "Redis at {where} is full (maxmemory) and takes nothing more. Raise its maxmemory; nothing is lost meanwhile."
    ko = "{where}의 Redis가 가득 차(maxmemory) 더 받지 않습니다. maxmemory를 늘리세요. 그동안 잃는 것은 없습니다."


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
