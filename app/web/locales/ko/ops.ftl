### 운영: 워커, 대기열, 레인, 실패한 작업, 멈춘 것.

ops_lead = 누가 무엇을 처리하고, 무엇이 기다리고, 무엇이 잘못됐는지 봅니다.
open_rq = rq-dashboard 열기
redis_away_title = Redis가 응답하지 않습니다
redis_away_body = 돌아올 때까지 워커, 대기열, 실패한 작업을 알 수 없습니다. 돌아오면 작업이 저절로 이어지고 잃는 것은 없습니다.
database_away_title = 데이터베이스가 응답하지 않습니다
database_away_body = 돌아올 때까지 레인, 멈춘 계정, 웹훅 메시지를 알 수 없습니다.
members_only_health = 작업 하나하나는 소유자와 관리자에게만 보입니다.

## workers

worker = 워커
host = 호스트
pid = PID
doing = 하는 일
busy_since = 시작
seen = 마지막 신호
jobs_done = 작업 수
state_idle = 쉬는 중
state_busy = 작업 중
state_started = 시작하는 중
state_suspended = 멈춤
of_another_workspace = 다른 작업 공간
chores = 내부 작업
no_worker_there = 등록된 워커가 없습니다. 워커를 실행하세요: python -m app worker (make run은 함께 실행합니다).

## queues

queues = 대기열
waiting_jobs = 대기
oldest_job = 가장 오래된 것
failed_jobs_week = 일주일 동안 실패
no_queue = 아직 대기열에 오른 작업이 없습니다.

## slices

slices_under_way = 진행 중인 슬라이스
lane = 레인
held = 보유
lease = 임대 기한
lane_number = { $lane }, { $generation }번째 실행
no_lane = 진행 중인 슬라이스가 없습니다.
idle_lanes =
    { $count ->
       *[other] 비어 있는 레인 { $shown }개
    }
slices_queued = 기다리는 슬라이스
batch_word = 배치
source_word = 소스
queue_word = 대기열
waits_since = 기다린 시간
no_slice_waits = 기다리는 것이 없습니다.
first_of = { $shown }개 중 앞의 { $most }개

## failed jobs

failed_jobs = 실패한 작업
failed_jobs_lead = 실패한 작업이 남긴 조회는 저절로 다시 처리됩니다. 여기서는 왜 실패했는지 찾습니다.
went_wrong_with = 무엇이 잘못됐나
when_failed = 때
no_failed = 일주일 동안 실패한 작업이 없습니다.
newest_of = { $shown }개 중 최근 { $most }개
not_said = 남긴 말이 없습니다

## halts

halts = 지금 묻지 않는 계정
account_word = 계정
reason_word = 이유
until_word = 기한
no_halts = 모든 계정에 물을 수 있습니다.
probed_at = { $at }에 다시 시도

## scheduler and courier

timekeeping = 스케줄러와 웹훅 전달
last_heal = 마지막 복구 작업
ago = { $span } 전
never_heard = – 아직 소식 없음
schedulers = 스케줄러
messages_pending = 보낼 메시지
messages_late = 그중 늦은 것
messages_late_since = { $shown }, 가장 오래된 것 { $span }째
messages_failed = 24시간 동안 포기한 것
