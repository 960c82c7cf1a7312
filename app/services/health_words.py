"""What the doctor says, in both languages."""

from dataclasses import dataclass

from app.errors import Language


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence; both languages name the same facts."""

    en: str
    ko: str

    def say(self, language: Language, **facts: object) -> str:
        """The sentence."""
        return (self.ko if language == "ko" else self.en).format(**facts)


CURRENT = Told("tables are of this version", "테이블이 이 버전에 맞습니다")
REDIS_FIRST = Told("Redis has to answer first.", "먼저 Redis가 응답해야 합니다.")
DATABASE = Told("{where}, {version}, answers in {ms} ms", "{where}, {version}, {ms}ms에 응답")
REDIS = Told("{where}, version {version}, {memory}", "{where}, 버전 {version}, {memory}")
MEMORY = Told("{used} of {most} used", "{most} 중 {used} 사용")
NO_MOST = Told("{used} used, no limit of its own", "{used} 사용, 자체 한도 없음")
NO_MEMORY = Told("memory not told", "메모리 알 수 없음")
RAISE = Told("Raise its maxmemory.", "maxmemory를 늘리세요.")
NOEVICTION = Told(
    "Set its maxmemory-policy to noeviction: {policy} may throw away queues and call counts.",
    "maxmemory-policy를 noeviction으로 바꾸세요. {policy}는 대기열과 호출 기록을 버릴 수 있습니다.",
)
RUNNING = Told("{count} running", "{count}개 실행 중")
POOL = Told("{host}: {serves}", "{host}: {serves}")
NO_WORKERS = Told(
    "Nothing is worked on. Start workers: python -m app worker (make run starts its own).",
    "아무것도 처리되지 않습니다. 워커를 시작하세요: python -m app worker (make run은 함께 실행합니다).",
)
SCHEDULERS = Told("active: {active}; standing by: {others}", "활성: {active}, 대기: {others}")
NOBODY = Told("nobody", "없음")
NO_SCHEDULER = Told(
    "Nothing wakes or heals batches. Start it: python -m app scheduler.",
    "기다리는 배치를 깨우거나 복구할 것이 없습니다. 시작하세요: python -m app scheduler",
)
ROOM = Told("{folder}: {free} of {size} free", "{folder}: {size} 중 {free} 남음")
FREE_SOME = Told("Free some room there.", "그곳의 공간을 비우세요.")
CLOCK = Told("this host is {ahead} off Redis, {database}", "이 호스트는 Redis와 {ahead} 차이, {database}")
CLOCK_DATABASE = Told("{ahead} off the database", "데이터베이스와 {ahead} 차이")
CLOCK_NO_DATABASE = Told("the database has no clock of its own", "데이터베이스에 따로 시계 없음")
SET_CLOCK = Told(
    "Set the clock (chrony, systemd-timesyncd) of: {hosts}. Until then its processes go by that of Redis.",
    "다음 호스트의 시계를 맞추세요(chrony, systemd-timesyncd): {hosts}. 그때까지 그 프로세스는 Redis의 시계를 따릅니다.",
)
SET_REDIS_CLOCK = Told(
    "Redis and the database differ: set the clock of Redis' machine.",
    "Redis와 데이터베이스의 시계가 다릅니다. Redis가 있는 컴퓨터의 시계를 맞추세요.",
)
KEYS = Told("{count} kept accounts can be opened", "저장된 계정 {count}개를 열 수 있습니다")
NOT_OPENED = Told("not opened: {accounts}", "열 수 없음: {accounts}")
RIGHT_KEY = Told(
    "Put the key they were sealed with back into KEYBATCH_ENCRYPTION_KEY (old ones may follow after a comma), or enter "
    "them anew.",
    "저장할 때 쓴 키를 KEYBATCH_ENCRYPTION_KEY에 되돌리거나(옛 키는 쉼표 뒤에) 인증 정보를 다시 입력하세요.",
)
VERSIONS = Told("{versions}", "{versions}")
ONE_VERSION = Told(
    "Bring all to {version}; those of another version work on meanwhile.",
    "모두 {version}(으)로 맞추세요. 그동안 다른 버전도 계속 동작합니다.",
)
NOT_TOLD = Told("no process has told of itself", "소식을 보낸 프로세스가 없습니다")
QUEUES = Told("{count} waiting, all served", "{count}개 대기, 모두 맡는 워커가 있음")
NOT_SERVED = Told("not served: {queues}", "맡는 워커 없음: {queues}")
SERVE = Told(
    "Start workers for them: python -m app worker --upstreams {upstreams}.",
    "그것을 맡는 워커를 시작하세요: python -m app worker --upstreams {upstreams}",
)
RQ = Told("answers at {url}", "{url}에서 응답")
NO_RQ = Told("{url} does not answer: {why}", "{url}이(가) 응답하지 않음: {why}")
START_WEB = Told("Start it: python -m app web.", "시작하세요: python -m app web")
