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

## troubles

troubles = 문제
mend_database_down = 실행 중인지, KEYBATCH_DATABASE_URL이 맞는지 확인하세요. 슬라이스는 읽은 것을 갖고 있다가 돌아오면 저장합니다.
mend_newer_database = 여기 나온 프로그램은 테이블보다 오래되어 아무것도 쓰지 않습니다. 그곳의 Keybatch를 업그레이드해 다시 시작하세요.
mend_disk_full = 그곳의 공간을 비우세요. 슬라이스는 읽은 것을 갖고 있다가 저장하고, 새 배치는 공간이 생길 때까지 받지 않습니다.
mend_redis_down = 실행 중인지, KEYBATCH_REDIS_URL이 맞는지 확인하세요. 잃는 것은 없고 돌아오면 호출이 이어집니다.
mend_redis_full = maxmemory를 늘리거나 다른 프로그램이 넣은 것을 지우세요. 그때까지 호출이 기다리며 잃는 것은 없습니다.
mend_no_workers = 워커를 시작하세요: python -m app worker
mend_no_chores = 워커 풀마다 하나가 복구 같은 내부 작업을 맡습니다. 풀을 시작하세요: python -m app worker
mend_no_scheduler = 하나 이상 시작하세요. 여러 컴퓨터에서 여럿을 실행해도 됩니다: python -m app scheduler
mend_not_healed = 스케줄러와 워커는 있지만 30초 동안 복구가 끝나지 않았습니다. 워커의 로그에 까닭이 있습니다.
mend_not_served = 맡는 워커가 없는 외부 서비스의 작업이 기다립니다. 그것을 맡는 풀이나 --upstreams 없는 풀을 시작하세요.
mend_wrong_key = 여기 나온 호스트의 KEYBATCH_ENCRYPTION_KEY에 저장할 때 쓴 키를 되돌리고(옛 키는 쉼표 뒤에) 다시 시작하세요. 그때까지 그 계정의 배치는 기다립니다.
mend_clock_off = 그동안 그 프로세스는 Redis의 시계를 따르므로 잃는 것이 없습니다. 그 호스트의 시계를 맞추세요(chrony, systemd-timesyncd). 모든 호스트가 똑같이 틀리면 Redis 쪽을 맞추세요.
mend_credentials = 외부 서비스가 계정을 거절합니다. 소스와 계정에서 인증 정보를 다시 입력하세요.
mend_redis_evicts = maxmemory-policy를 noeviction으로 바꾸세요. 지금은 대기열과 호출 기록을 버릴 수 있어 한도를 넘을 수 있습니다.
mend_disk_low = 가득 차기 전에 그곳의 공간을 비우세요.
mend_late_messages = 웹훅 메시지는 스케줄러가 보냅니다. 실행 중인지, 받는 쪽이 무엇이라 답하는지(설정, 웹훅) 확인하세요.

## hosts

hosts = 호스트와 프로세스
process = 프로세스
clock = 시계
disk = 디스크
clock_right = 정확함
clock_unknown = –
room_left = { $size } 중 { $free } 남음
no_process = 소식을 보낸 프로세스가 없습니다.
process_web = 웹
process_workers = 워커 풀
process_scheduler = 스케줄러
scheduler_active = 활성
scheduler_stands_by = 대기
redis_memory = Redis 메모리
memory_unlimited = { $used }, 자체 한도 없음
memory_of = { $most } 중 { $used }
memory_unknown = – Redis가 알려 주지 않음
