"""What things are called on the command line: states, reasons, heads of tables."""

from app.cli.words import Sentence

STATES = {
    "queued": Sentence("queued", "대기열"),
    "running": Sentence("running", "진행 중"),
    "waiting": Sentence("waiting", "기다리는 중"),
    "paused": Sentence("paused", "일시정지"),
    "cancelling": Sentence("cancelling", "취소하는 중"),
    "cancelled": Sentence("cancelled", "취소됨"),
    "completed": Sentence("completed", "완료"),
}
#: Why a batch, a source or an account waits.
REASONS = {
    "quota": Sentence("the quota is used up", "호출 한도 소진"),
    "upstream_down": Sentence("the upstream is down", "외부 서비스 장애"),
    "credentials": Sentence("credentials are not accepted", "인증 정보 오류"),
    "throttled": Sentence("the upstream asked to slow down", "외부 서비스의 감속 요청"),
    "deadline": Sentence("its deadline has passed", "기한이 지남"),
}
#: What decides when a batch ends.
BINDS = {
    "rate": Sentence("the rate limit decides", "호출 속도 한도가 결정"),
    "quota": Sentence("the quota decides", "호출 한도가 결정"),
    "upstream_down": Sentence("the upstream does not answer", "외부 서비스가 응답하지 않음"),
    "credentials": Sentence("credentials must be corrected", "인증 정보를 고쳐야 함"),
    "throttled": Sentence("the upstream asked to slow down", "외부 서비스가 속도를 늦추라고 함"),
    "paused": Sentence("it is paused", "일시정지 상태"),
    "speed": Sentence("nothing limits it", "속도 제한 없음"),
}
REJECTIONS = {
    "too_long": Sentence("too long for a keyword", "키워드로는 너무 깁니다"),
    "empty_after_cleaning": Sentence("only invisible characters", "보이지 않는 문자뿐입니다"),
    "no_keyword": Sentence("no keyword in this row", "이 행에 키워드가 없습니다"),
    "not_text": Sentence("not in the file's encoding", "파일의 인코딩으로 읽을 수 없습니다"),
    "nul": Sentence("a NUL byte in it", "NUL 바이트가 있습니다"),
    "extra_cells": Sentence("more cells than columns", "칸이 열보다 많습니다"),
    "not_json": Sentence("no line of JSON with a keyword", "키워드가 있는 JSON 줄이 아닙니다"),
}
DOUBTS = {
    "lone_jamo": Sentence("letters that make no syllable", "글자가 되지 못한 자모"),
    "latin_typed": Sentence("Korean typed in Latin letters?", "영문 자판으로 친 한글?"),
    "hangul_typed": Sentence("Latin typed in Korean letters?", "한글 자판으로 친 영문?"),
}
#: Units of time and their seconds, the longest first.
UNITS = {
    86_400: Sentence("{count:,} d", "{count:,}일"),
    3_600: Sentence("{count} h", "{count}시간"),
    60: Sentence("{count} min", "{count}분"),
    1: Sentence("{count} s", "{count}초"),
}
#: What a measurement says where it has no number.
READINGS = {
    "ok": Sentence("ok", "값"),
    "below": Sentence("below the threshold", "기준 미만"),
    "missing": Sentence("not in the answer", "응답에 없음"),
    "failed": Sentence("failed", "실패"),
}

BATCH_COLUMNS = (
    Sentence("id", "번호"),
    Sentence("name", "이름"),
    Sentence("state", "상태"),
    Sentence("keywords", "키워드"),
    Sentence("read", "조회"),
    Sentence("failed", "실패"),
    Sentence("sources", "소스"),
    Sentence("submitted", "접수"),
)
SOURCE_COLUMNS = (
    Sentence("source", "소스"),
    Sentence("title", "이름"),
    Sentence("state", "상태"),
    Sentence("rate", "속도"),
    Sentence("quota a day", "하루 한도"),
    Sentence("left today", "오늘 남음"),
)
FAILURE_COLUMNS = (
    Sentence("source", "소스"),
    Sentence("error class", "오류 종류"),
    Sentence("lookups", "조회"),
    Sentence("what it said", "내용"),
)
NEEDS_COLUMNS = (
    Sentence("source", "소스"),
    Sentence("lookups", "조회"),
    Sentence("from earlier readings", "이전 측정"),
    Sentence("calls", "새 호출"),
)
ACCOUNT_COLUMNS = (
    Sentence("account", "계정"),
    Sentence("rate", "속도"),
    Sentence("spent today", "오늘 사용"),
    Sentence("left today", "오늘 남음"),
    Sentence("left this month", "이달 남음"),
    Sentence("reserve", "예비"),
    Sentence("comes back", "다시 채워짐"),
    Sentence("credentials", "인증 정보"),
)
HISTORY_COLUMNS = (
    Sentence("measured", "측정"),
    Sentence("source", "소스"),
    Sentence("reading", "결과"),
    Sentence("batch", "배치"),
    Sentence("account", "계정"),
    Sentence("attempts", "시도"),
    Sentence("latency", "응답 시간"),
)
DERIVED_COLUMNS = (
    Sentence("column", "열"),
    Sentence("title", "제목"),
    Sentence("formula", "수식"),
    Sentence("bands", "구간"),
)
