### What several pages say: the frame, states, verbs, the list of batches and a batch.

## frame

brand = Keybatch
batches = 배치
new_batch = 새 배치
queue = 작업 큐
new_tab = 새 탭에서 열림
navigation = 주 메뉴
skip = 본문으로 건너뛰기
live = 실시간
connecting = 연결 중
reconnecting = 다시 연결 중
stale = 갱신 멈춤
queue_away = 큐 연결 중
live_hint = 새로 읽은 값이 바로 나타납니다
reconnecting_hint = 서버와 연결이 끊겼습니다. 연결되면 빠진 것 없이 이어집니다.
stale_hint = 데이터를 읽지 못해 마지막으로 읽은 내용을 보여 줍니다.
queue_away_hint = Redis가 응답하지 않습니다. 저장된 결과는 그대로 보이며, 돌아오면 작업이 이어집니다.
language = 언어
theme_light = 밝은 화면으로
theme_dark = 어두운 화면으로
went_wrong = 요청을 처리하다가 문제가 생겼습니다. 다시 시도하고, 반복되면 웹 프로세스의 로그에서 이 번호를 찾으세요:
dismiss = 닫기
loading = 불러오는 중

## states

queued = 대기열
running = 진행 중
waiting = 기다리는 중
waiting_quota = 한도 회복 대기
waiting_credentials = 인증 정보 확인 필요
waiting_upstream_down = 외부 서비스 응답 대기
waiting_throttled = 외부 서비스가 쉬라고 함
paused = 일시정지
cancelling = 취소하는 중
cancelled = 취소됨
completed = 완료
ok = 값
below = 기준 미만
missing = 응답에 없음
withheld = 비공개
yes = 예
no = 아니오
failed = 실패
pending = 아직 묻지 않음
cached = 이전 측정

## list of batches

batches_lead = 최근에 제출한 순서입니다.
name = 이름
state = 상태
progress = 진행
lookups = 조회
lookups_count = 조회
failures = 실패
submitted = 제출
no_name = 이름 없음
older = 이전 배치
newest = 최신 배치
none_title = 아직 배치가 없습니다
none_body = 키워드 목록을 붙여넣고 소스를 고르면, 결과가 들어오는 대로 여기에서 볼 수 있습니다.
none_older = 더 이전의 배치는 없습니다

## new batch

new_lead = 키워드를 한 줄에 하나씩 붙여넣거나 TXT, CSV, TSV, XLSX 파일을 끌어 놓으세요.
keywords = 키워드
keywords_hint =
    예)
    제주도 맛집
    캠핑 텐트 추천
    맥북 에어
line = 줄
lines = 줄
sources = 소스
no_sources = 쓸 수 있는 소스가 없습니다.
unlimited = 제한 없음
offline = 오프라인
needs = 필요한 설정
options = 옵션
name_hint = 비우면 첫 키워드
priority = 우선순위
high = 높음
default = 보통
low = 낮음
max_age = 이전 측정 재사용
age_0 = 항상 새로 묻기
age_1 = 1일 이내
age_7 = 7일 이내
age_30 = 30일 이내
submit = 제출
submitting = 제출하는 중
preview = 미리 보기
deadline = 기한 (한국 시간)
calls_needed = 필요한 호출
left_month = 이번 달

## one batch

speed_now = 지금 속도
speed_mean = 평균 속도
ends = 끝나는 때
ended = 끝난 때
left_today = 오늘 남은 호출
took = 걸린 시간
running_for = 지난 시간
unknown_yet = 계산 중
not_started = 시작 전
binds_rate = 호출 속도 한도가 결정
binds_quota = 하루 호출 한도가 결정
binds_upstream_down = 외부 서비스가 응답하지 않음
binds_credentials = 인증 정보를 고쳐야 함
binds_speed = 속도 제한 없음
binds_throttled = 외부 서비스가 쉬라고 함
binds_paused = 일시정지
binds_none = 호출이 필요 없음
at_once = 바로
why_paused = 일시정지했습니다. 이어서 진행하면 멈춘 곳부터 계속합니다.
why_deadline = 기한이 되어 멈췄습니다. 이어서 진행하면 기한 없이 계속합니다.
why_readings_gone = 보관 기간이 지나 { $at }에 결과를 지웠습니다. 개수는 남아 있습니다.
why_items_gone = 보관 기간이 지나 { $at }에 키워드를 지워 다시 실행할 수 없습니다.
why_events_gone = 보관 기간이 지나 { $at } 이전의 활동 기록과 다시 시도한 실패 기록을 지웠습니다.
gone_title = 결과를 더 이상 보관하지 않습니다
gone_body = 보관 기간이 지나 { $at }에 지웠습니다. 위의 개수와 키워드는 남아 있어 다시 실행할 수 있습니다.
gone_body_all = 보관 기간이 지나 { $at }에 키워드와 함께 지웠습니다. 위의 개수는 남아 있습니다.
why_late = 기한({ $at })까지 끝나지 않을 것 같습니다.
why_cut = 외부 서비스가 속도를 늦추라고 해서 한도의 { $percent }%로 진행합니다. 차츰 되돌아옵니다.
why_quota = { $upstream } 호출 한도를 다 썼습니다. { $at }에 저절로 이어집니다.
why_upstream_down = { $upstream } 서비스가 응답하지 않습니다. 호출 하나로 계속 확인하고 있으며, 응답하면 저절로 이어집니다. 이 때문에 실패한 조회는 없습니다.
why_credentials = { $upstream }에서 인증 정보를 거절해 멈췄습니다. 소스 화면에서 고치면 이어집니다(설정에 적은 것은 고친 뒤 다시 시작).
why_throttled = { $upstream } 서비스가 쉬어 달라고 했습니다. { $at }에 저절로 이어집니다.
retry_all = 모두 다시 시도
retry_first = 먼저 { $count }개만
retry_these = 다시 시도
retried = 실패한 조회 { $count }건을 다시 묻습니다.
means_unreachable = 응답이 없었음
means_unreadable = 응답을 해석할 수 없었음
means_rejected = 서비스가 거절한 키워드
pause = 일시정지
resume = 이어서 진행
rerun = 다시 실행
results = 결과
by_position = 입력 순서
newest_first = 최근 읽은 순
keyword = 키워드
first_page = 처음
previous_page = 이전
next_page = 다음
last_page = 끝
pages = 쪽 이동
download = CSV 내려받기
cancel = 취소
cancel_sure = 정말 취소할까요? 읽은 값은 남습니다.
cancel_yes = 예, 취소
cancel_no = 계속 진행
derived = 계산 열
derived_none = 아직 계산 열이 없습니다.
derived_ratio = 경쟁률의 문서수
bands = 구간
derived_title = 열 이름
derived_formula = 수식
derived_names = 쓸 수 있는 열:
apply = 적용
add = 추가
nothing_read = 아직 읽은 값이 없습니다. 들어오는 대로 나타납니다.
no_batch_title = 그런 배치는 없습니다
no_batch_body = 주소의 번호를 확인하거나 배치 목록에서 고르세요.
no_page_title = 그런 페이지는 없습니다
no_page_body = 주소를 확인하거나 배치 목록으로 가세요.
all_batches = 배치 목록
unread_title = 지금은 읽을 수 없습니다
retrying = 계속 다시 시도하고 있습니다.
accepted = 받음
merged = 중복 합침
rejected = 거절
repaired = 다듬음
rejected_lines = 받지 않은 줄
too_long = 너무 깁니다
empty_after_cleaning = 보이는 글자가 없습니다
