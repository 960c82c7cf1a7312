"""What the command line says, in both languages. Only the standard library is loaded here."""

import sys
from dataclasses import dataclass
from pathlib import Path

from app.errors import language_of


def program() -> str:
    """How a person calls the command line again: with the interpreter of this folder's .venv, where that is the one."""
    python = Path(sys.executable)
    return f"{python.relative_to(Path.cwd())} -m app" if python.is_relative_to(Path.cwd()) else "python -m app"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; both languages name the same facts."""

    en: str
    ko: str

    def say(self, **facts: object) -> str:
        """The sentence in the language of the terminal; ``{program}`` is how the command line is called."""
        return (self.ko if language_of() == "ko" else self.en).format(program=program(), **facts)


READY = Sentence(
    "Keybatch is ready: {url}\n"
    "  Paste keywords there, or:  {program} submit keywords.txt --source wordfreq.ko --wait\n"
    "  What answers: {program} sources · Is all well: {program} doctor · Stop: Ctrl-C",
    "Keybatch가 준비되었습니다: {url}\n"
    "  브라우저에서 키워드를 붙여 넣거나:  {program} submit keywords.txt --source wordfreq.ko --wait\n"
    "  소스 목록: {program} sources · 점검: {program} doctor · 멈추기: Ctrl-C",
)
NOT_ALIVE = Sentence("{part} is not well here: {why}", "{part}이(가) 정상이 아닙니다: {why}")
STARTING = Sentence("Keybatch is starting at {url} …", "Keybatch를 {url}에서 시작합니다 …")
SLOW_START = Sentence(
    "Still starting. The first time, the pages are built, which may take a minute or two.",
    "아직 시작하는 중입니다. 처음에는 화면을 빌드하느라 1~2분 걸릴 수 있습니다.",
)
STOPPING = Sentence("Stopping. Press Ctrl-C again to kill.", "멈추는 중입니다. Ctrl-C를 한 번 더 누르면 바로 끝냅니다.")
STOPPED = Sentence("Stopped. Batches go on with the next start.", "멈췄습니다. 배치는 다음에 시작할 때 이어집니다.")
CHILD_STARTED = Sentence("{name} started (process {pid}).", "{name} 시작 (프로세스 {pid}).")
CHILD_ENDED = Sentence(
    "{name} ended ({how}); starting it again in {pause:g} s.", "{name} 종료 ({how}); {pause:g}초 뒤 다시 시작합니다."
)
CHILD_LOG = Sentence("  What it said last is in {log}.", "  마지막 기록: {log}")
CHILD_NOT_STARTED = Sentence("{name} could not be started: {why}", "{name}을(를) 시작할 수 없습니다: {why}")

NOT_LOOPBACK = Sentence(
    "{host} can be reached by other machines. Set {missing} first (PUBLIC_URL: the address people open, at a proxy that "
    "speaks TLS; ENCRYPTION_KEY: from `{program} accounts new-key`), or use 127.0.0.1.",
    "{host}은(는) 다른 컴퓨터에서도 접속할 수 있습니다. 먼저 {missing} 설정이 필요합니다 (PUBLIC_URL: TLS를 맡은 프록시의 주소, "
    "ENCRYPTION_KEY: `{program} accounts new-key`로 만든 키). 아니면 127.0.0.1을 쓰세요.",
)
DATA_FOLDER = Sentence(
    "{folder} cannot be written to ({why}). Make it writable, or choose another folder.",
    "{folder}에 쓸 수 없습니다 ({why}). 쓰기 권한을 주거나 다른 폴더를 고르세요.",
)
ALREADY_RUNS = Sentence(
    "Keybatch already runs on {folder} (process {pid}). Stop that one, or give this one a folder of its own.",
    "{folder}에서 Keybatch가 이미 실행 중입니다 (프로세스 {pid}). 그것을 멈추거나 다른 폴더를 고르세요.",
)
PORT_FORBIDDEN = Sentence(
    "Port {port} is only for the system's own programs. Choose one above 1023.",
    "{port}번 포트는 시스템 프로그램만 쓸 수 있습니다. 1023보다 큰 포트를 고르세요.",
)
SOCKET_FOLDER = Sentence(
    "{folder} belongs to someone else, so Valkey's socket cannot be there. Choose a data folder with a shorter path.",
    "{folder}은(는) 다른 사용자의 폴더라서 Valkey 소켓을 둘 수 없습니다. 경로가 더 짧은 데이터 폴더를 고르세요.",
)
NO_VALKEY = Sentence(
    "there is no embedded Valkey for this machine. Run Redis or Valkey yourself and give its address, as redis://127.0.0.1:6379/0.",
    "이 컴퓨터용 내장 Valkey가 없습니다. Redis나 Valkey를 직접 실행하고 redis://127.0.0.1:6379/0 처럼 주소를 넣으세요.",
)
MIGRATED = Sentence("The tables are of this version.", "테이블이 이 버전에 맞습니다.")

READING = Sentence("Reading keywords …", "키워드를 읽는 중 …")
TYPE_KEYWORDS = Sentence(
    "Type keywords, one a line; Ctrl-D ends the list.", "키워드를 한 줄에 하나씩 입력하세요. Ctrl-D를 누르면 끝납니다."
)
CANNOT_READ = Sentence(
    "{file} cannot be read: {why}. Give a text file, or - for standard input.",
    "{file}을(를) 읽을 수 없습니다: {why}. 텍스트 파일을 지정하거나, 표준 입력이면 -를 쓰세요.",
)
CANNOT_WRITE = Sentence(
    "{file} cannot be written: {why}. Choose another file with -o.",
    "{file}에 쓸 수 없습니다: {why}. -o로 다른 파일을 고르세요.",
)
AGE = Sentence("Write it as 7d, 12h, 30m, 90s or 0.", "7d, 12h, 30m, 90s, 0처럼 쓰세요.")
MOMENT = Sentence(
    "Write it as 2026-11-22T09:00, or as a span from now on: 2h, 3d.",
    "2026-11-22T09:00처럼 시각을 쓰거나, 2h(두 시간 뒤), 3d(사흘 뒤)처럼 쓰세요.",
)
NOT_TO_COME = Sentence("Give a moment to come, within ten years.", "지금부터 10년 안의 시각을 쓰세요.")
ACCEPTED = Sentence(
    "Batch {batch}: keywords accepted {items:,}, duplicates merged {merged:,}, lines rejected {rejected:,}.",
    "{batch}번 배치: 키워드 {items:,}개 접수, 중복 {merged:,}개 합침, {rejected:,}줄 거절.",
)
REPAIRED = Sentence(
    "Cleaned of invisible characters or odd spaces: {count:,}.",
    "{count:,}개에서 보이지 않는 문자나 잘못된 공백을 정리했습니다.",
)
ERROR_CLASSES = Sentence("Error classes are {known}.", "오류 종류: {known}.")
DEADLINE = Sentence(
    "What is not read by {at} will not be asked any more.", "{at}까지 읽지 못한 조회는 더 묻지 않습니다."
)
REJECTED_LINE = Sentence("  line {line}: {reason}: {excerpt}", "  {line}번째 줄: {reason}: {excerpt}")
MORE_REJECTED = Sentence("  … and {count:,} more lines.", "  … 그 밖에 {count:,}줄.")
STILL_RUNNING = Sentence(
    "Batch {batch} goes on without you. Follow it: {program} watch {batch} · Stop it: {program} cancel {batch}",
    "{batch}번 배치는 계속 실행됩니다. 다시 보기: {program} watch {batch} · 취소: {program} cancel {batch}",
)
ENDED = Sentence(
    "Batch {batch} {state}: {done:,} of {lookups:,} lookups read: {ok:,} ok, {below:,} below, {missing:,} missing, "
    "{failed:,} failed; {cached:,} from cache.",
    "{batch}번 배치 {state}: 조회 {lookups:,}건 중 {done:,}건 끝남. 값 {ok:,}, 기준 미만 {below:,}, 응답에 없음 {missing:,}, "
    "실패 {failed:,}, 이전 측정 {cached:,}.",
)
TROUBLE = Sentence("  {source}: {trouble}: {detail}", "  {source}: {trouble}: {detail}")
FAILED_ONES = Sentence(
    "  Why some failed: {program} failures {batch} · Ask them again: {program} retry {batch}",
    "  실패한 까닭: {program} failures {batch} · 다시 묻기: {program} retry {batch}",
)
NO_BATCHES = Sentence(
    "No batches yet. Submit one: {program} submit keywords.txt --source wordfreq.ko",
    "아직 배치가 없습니다. 만들기: {program} submit keywords.txt --source wordfreq.ko",
)
FORMAT = Sentence(
    "There is no format {format}. Choose: {known}.", "{format} 형식은 없습니다. 쓸 수 있는 형식: {known}."
)
EXPORTED = Sentence(
    "Batch {batch}: {bytes:,} bytes written to {file}.", "{batch}번 배치: {file}에 {bytes:,}바이트를 썼습니다."
)

PAUSED = Sentence(
    "Batch {batch} is paused, {done:,} of {lookups:,} lookups read. Let it go on: {program} resume {batch}",
    "{batch}번 배치를 일시정지했습니다. 조회 {lookups:,}건 중 {done:,}건 끝남. 이어서 하기: {program} resume {batch}",
)
RESUMED = Sentence(
    "Batch {batch} goes on, {done:,} of {lookups:,} lookups read; it is {state}. Follow it: {program} watch {batch}",
    "{batch}번 배치를 이어서 합니다. 조회 {lookups:,}건 중 {done:,}건 끝남, 지금 상태: {state}. "
    "지켜보기: {program} watch {batch}",
)
CANCELLED = Sentence(
    "Batch {batch} is {state}; {done:,} of {lookups:,} lookups were read and are kept. "
    "Let it go on after all: {program} resume {batch}",
    "{batch}번 배치: {state}. 조회 {lookups:,}건 중 읽은 {done:,}건은 그대로 남습니다. "
    "다시 이어서 하기: {program} resume {batch}",
)
RETRIED = Sentence(
    "Batch {batch} asks {count:,} of its failed lookups again; it is {state}.",
    "{batch}번 배치에서 실패한 조회 {count:,}건을 다시 묻습니다. 지금 상태: {state}.",
)
RETRIED_LATER = Sentence(
    "Batch {batch} will ask {count:,} of its failed lookups again once it goes on; it is paused. "
    "Let it go on: {program} resume {batch}",
    "{batch}번 배치가 일시정지 상태라, 이어서 하면 실패한 조회 {count:,}건을 다시 묻습니다. 이어서 하기: {program} resume {batch}",
)
RERUN = Sentence(
    "Batch {batch} asks everything of batch {old} anew: {lookups:,} lookups; it is {state}.",
    "{batch}번 배치가 {old}번 배치의 조회 {lookups:,}건을 모두 새로 묻습니다. 지금 상태: {state}.",
)
NO_FAILURES = Sentence("Batch {batch} has no failed lookup.", "{batch}번 배치에는 실패한 조회가 없습니다.")

WOULD_TAKE = Sentence(
    "Keywords that would be accepted {items:,}, duplicates merged {merged:,}, lines rejected {rejected:,}.",
    "제출하면 키워드 {items:,}개 접수, 중복 {merged:,}개 합침, {rejected:,}줄 거절.",
)
WOULD_ASK = Sentence(
    "In all {lookups:,} lookups: {cached:,} answered by earlier readings, {calls:,} calls to make.",
    "모두 조회 {lookups:,}건: 이전 측정으로 {cached:,}건 답함, 새로 호출 {calls:,}번.",
)
WOULD_END = Sentence("It would end {end}.", "끝나는 때: {end}.")
NO_CALLS = Sentence(
    "It would end as soon as this machine is through: no call is needed.",
    "호출이 필요 없어 이 컴퓨터가 처리하는 대로 끝납니다.",
)
NO_LIMITS = Sentence(
    "It would end as soon as the upstream has answered: nothing limits it.",
    "속도 제한이 없어 외부 서비스가 답하는 대로 끝납니다.",
)
NO_END_NOW = Sentence("When it would end cannot be told now: {why}.", "언제 끝날지 지금은 알 수 없습니다: {why}.")
NO_HISTORY = Sentence("“{keyword}” has not been measured yet.", "“{keyword}”을(를) 측정한 적이 없습니다.")
UPPER = Sentence("below {upper}", "{upper} 미만")
ASKED_AGAIN = Sentence("{reading} (asked again since)", "{reading} (그 뒤 다시 물음)")
MILLISECONDS = Sentence("{ms:,} ms", "{ms:,}ms")

FAILED_SO_FAR = Sentence("{count:,} failed", "실패 {count:,}")
PER_SECOND = Sentence("{speed}/s", "초당 {speed}")
BECAUSE = Sentence("{word} ({why})", "{word} ({why})")
RATE_CUT = Sentence("rate cut to {part} %", "속도를 {part}%로 낮춤")
CUT_RATE = Sentence("{rate}, cut to {part} %", "{rate}, {part}%로 낮춤")
ENDS = Sentence("ends {end}", "끝나는 때 {end}")
IN = Sentence("in {span}: {why}", "{span} 뒤: {why}")
NO_END = Sentence("no end in sight: {why}", "끝나는 때를 알 수 없음: {why}")
UNTIL = Sentence("until {at}", "{at}까지")
WAITS = Sentence("{sources} waiting ({why}) until {at}", "{sources} {at}까지 기다리는 중 ({why})")
STANDS = Sentence("{sources} waiting ({why})", "{sources} 기다리는 중 ({why})")
AND_MORE = Sentence("{name} and {count} more", "{name} 외 {count}개")
WHY_UNTIL = Sentence("{why}, until {at}", "{why}, {at}까지")
NOT_ASKED = Sentence("  {account} is not asked now: {why}", "  {account} 계정으로는 지금 묻지 않습니다: {why}")

TAKEN_FOR = Sentence("Read as: {layout}", "파일 형식: {layout}")
TAB = Sentence("tabs", "탭")
PARTED = Sentence("columns parted by {by}", "구분자 {by}")
HEADED = Sentence("with a header", "머리글 있음")
NOT_HEADED = Sentence("without a header", "머리글 없음")
KEYWORDS_IN = Sentence("keywords in “{column}” (column {n} of {of})", "키워드 열 “{column}” ({of}개 중 {n}번째)")
DOUBT = Sentence("  line {line}: “{typed}”: {kind}", "  {line}번째 줄: “{typed}”: {kind}")
DOUBT_OFFER = Sentence(
    "  line {line}: “{typed}” → “{offered}”? {kind}", "  {line}번째 줄: “{typed}” → “{offered}”? {kind}"
)
MORE_DOUBTS = Sentence(
    "  … and {count:,} more that may not be what was meant.", "  … 그 밖에 확인할 키워드 {count:,}개."
)
SPACING = Sentence("  differ in spaces only: {group}", "  띄어쓰기만 다름: {group}")
MORE_SPACINGS = Sentence("  … and {count:,} more groups.", "  … 그 밖에 {count:,}묶음.")
IN_SETTINGS = Sentence("settings", "설정")
TRIED_WELL = Sentence("works", "정상")
UNTRIED = Sentence("not tried", "확인 전")
NOTICE = Sentence("  {account}: {notice}", "  {account}: {notice}")
NO_COLUMNS = Sentence("Batch {batch} has no worked-out column.", "{batch}번 배치에는 계산한 열이 없습니다.")
EXPANDED = Sentence(
    "Batch {batch} asks {items:,} keywords related to those of batch {old}.",
    "{batch}번 배치: {old}번 배치의 연관 키워드 {items:,}개를 조회합니다.",
)
ACCOUNT_KEPT = Sentence(
    "The account {account} is kept. Try it: {program} accounts test {account}",
    "{account} 계정을 저장했습니다. 확인: {program} accounts test {account}",
)
ACCOUNT_GONE = Sentence("The account {account} is forgotten.", "{account} 계정을 지웠습니다.")
SOURCE_KEPT = Sentence("The source {source} is defined.", "{source} 소스를 저장했습니다.")
SOURCE_GONE = Sentence("The source {source} is forgotten.", "{source} 소스를 지웠습니다.")
RESEALED = Sentence(
    "{count} sealed anew. Now the old key can be taken out of KEYBATCH_ENCRYPTION_KEY.",
    "{count}건을 다시 봉인했습니다. 이제 KEYBATCH_ENCRYPTION_KEY에서 옛 키를 빼도 됩니다.",
)
NOTHING_KEPT = Sentence("There is nothing to seal anew.", "다시 봉인할 것이 없습니다.")
RESEALED_OWN = Sentence(
    "{count} sealed anew under a new key. Restart what is running.",
    "새 키로 {count}건을 다시 봉인했습니다. 실행 중인 것은 다시 시작하세요.",
)
WEBHOOK_MADE = Sentence(
    "Webhook {webhook} is told from now on. Its secret is shown this once. Try it: {program} webhooks test {webhook}",
    "{webhook}번 웹훅을 만들었습니다. 비밀 키는 지금 한 번만 보입니다. 확인: {program} webhooks test {webhook}",
)
WEBHOOK_GONE = Sentence("Webhook {webhook} is forgotten.", "{webhook}번 웹훅을 지웠습니다.")
NO_WEBHOOKS = Sentence(
    "No webhooks yet. Make one: {program} webhooks add https://…",
    "아직 웹훅이 없습니다. 만들기: {program} webhooks add https://…",
)
NOTHING_TOLD = Sentence(
    "Webhook {webhook} has not been told anything yet.", "{webhook}번 웹훅에 보낸 것이 아직 없습니다."
)
ARRIVED = Sentence("Delivered: HTTP {status} after {ms:,} ms.", "전달됨: HTTP {status}, {ms:,}ms.")
NOT_ARRIVED = Sentence("Not delivered (HTTP {status}): {detail}", "전달되지 않음 (HTTP {status}): {detail}")
NOT_TRIED_YET = Sentence(
    "Not tried yet: {message} is in line. The scheduler sends it; does it run?",
    "아직 보내지 않음: {message}이(가) 줄에 있습니다. 스케줄러가 보냅니다. 실행 중인지 확인하세요.",
)
WEBHOOK_HEADS = (
    Sentence("id", "번호"), Sentence("state", "상태"), Sentence("events", "이벤트"), Sentence("url", "주소"),
    Sentence("description", "설명"),
)  # fmt: skip
DELIVERY_HEADS = (
    Sentence("id", "번호"), Sentence("state", "상태"), Sentence("event", "이벤트"), Sentence("batch", "배치"),
    Sentence("tries", "시도"), Sentence("made", "만든 때"), Sentence("next try", "다음 시도"), Sentence("last answer", "마지막 응답"),
)  # fmt: skip
SWITCHED = {
    None: Sentence("active", "사용 중"),
    "person": Sentence("switched off", "꺼짐"),
    "gone": Sentence("off: the receiver is gone (410)", "꺼짐: 받는 쪽이 사라짐 (410)"),
}
DELIVERED = {
    "pending": Sentence("pending", "보내는 중"),
    "delivered": Sentence("delivered", "전달됨"),
    "failed": Sentence("failed", "실패"),
}
ACCOUNT_FORM = Sentence("Write UPSTREAM/NAME, as naver/team.", "naver/team처럼 적으세요.")
NAME_VALUE = Sentence("Write NAME=VALUE.", "이름=값으로 적으세요.")
HEADER_FORM = Sentence("Write: Name: value", "이름: 값으로 적으세요.")
TRIED_VALUE = Sentence("{source}: {value} ({ms:,} ms)", "{source}: {value} ({ms:,}ms)")
TRIED_NOTHING = Sentence("{source}: {state} ({ms:,} ms)", "{source}: {state} ({ms:,}ms)")

READY_SOURCE = Sentence("ready", "사용 가능")
NEEDS = Sentence("needs {settings}", "설정 필요: {settings}")
OFFLINE = Sentence("offline", "오프라인")
NO_LIMIT = Sentence("no limit", "제한 없음")

WILL_BE_MADE = Sentence("{folder} will be made at the first start.", "{folder}: 처음 시작할 때 만들어집니다.")
SETTINGS_FINE = Sentence("{count} set, all known.", "{count}개 설정됨, 모두 올바른 이름입니다.")
UNKNOWN_SETTINGS = Sentence("{names} means nothing.", "{names}: 없는 설정입니다.")
DID_YOU_MEAN = Sentence("{name}: did you mean {nearest}?", "{name}: 혹시 {nearest}인가요?")
SEE_SETTINGS = Sentence("docs/settings.md names them all.", "docs/settings.md에 모든 설정이 있습니다.")
