### 현황: 진행 중인 배치, 외부 서비스의 응답 속도, 남은 호출 한도, 시스템 상태.

overview_fresh = 아직 조회한 것이 없습니다
overview_fresh_body = 첫 배치를 제출하면 진행 상황과 속도, 남은 호출 한도를 여기에서 볼 수 있습니다.

## figures

lookups_today = 오늘 조회
answered = { $percent } 응답
none_today = 오늘은 아직 없음
now = 지금
nothing_runs = 진행 중인 배치 없음
being_measured = 재는 중
nothing_asked_now = 지금은 호출 없음
of_limits = 한도 { $limit }의 { $percent }
p95 = p95 { $most }
last_hour = 최근 1시간
last_day = 최근 24시간
no_calls_hour = 최근 1시간 동안 호출이 없습니다
no_calls_day = 최근 24시간 동안 호출이 없습니다
saved = 이전 값으로 아낀 조회
lookups_saved = 오늘

## batches

under_way = 진행 중
none_under_way = 진행 중인 배치가 없습니다.
more_under_way =
    { $count ->
       *[other] { $shown }개 더 진행 중
    }
ended_lately = 최근에 끝난 배치
goes_on = { $at }에 이어짐
failed_count = 실패 { $shown }건
end_and_why = 종료

## pictures

lookups_a_second = 초당 조회
errors_chart = 실패
window = 기간
window_hour = 1시간
window_day = 24시간
limit_line = 한도
without_calls =
    { $count ->
       *[other] 호출 없이 답한 조회는 { $count }건입니다.
    }
nothing_asked = 조회 없음
failed_share = 실패 { $percent }
chart_summary = { $window }: 조회 { $shown }건, 최고 { $most }, 실패 { $failed }. 빈 구간은 조회가 없던 때입니다.

## upstreams

upstreams = 외부 서비스
upstream = 서비스
readings = 읽은 값
mean_time = 평균
p95_time = 95% 이내
p95_time_hint = 응답 100건 중 95건이 이 시간 안에 왔습니다
no_call_needed = 호출 없이 답합니다
no_calls_here = 이 기간에 호출 없음

## quotas

quota_today = 오늘의 호출 한도
no_quotas = 쓰고 있는 계정 중 호출 한도가 있는 것이 없습니다.
to_accounts = 계정
calls_left =
    { $count ->
       *[other] { $shown }회 남음
    }
month_quota = 이번 달

## health

house_health = 시스템 상태
workers = 워커
in_queue = 대기열
scheduler = 스케줄러
redis = Redis
database = 데이터베이스
unknown_without_redis = – Redis가 응답하지 않음
no_workers = 없음: 작업이 진행되지 않음
workers_busy = { $count }개, { $busy }개 작업 중
queue_empty = 비어 있음
slices_waiting =
    { $count ->
       *[other] 슬라이스 { $shown }개
    }
slices_oldest =
    { $count ->
       *[other] 슬라이스 { $shown }개, 가장 오래된 것 { $oldest }
    }
not_served = 처리할 워커가 없는 작업이 있음
scheduler_well = 실행 중
no_scheduler = 없음: 대기가 끝나지 않음
no_chores = 내부 작업을 맡은 워커가 없음
not_healed = 복구 작업이 끝나지 않음
no_answer = 응답하지 않음
answers_within = { $most }ms 이내 응답
answers_late = 응답에 { $most }ms 넘게 걸림
slowed_to = { $rate }로 낮춤
trouble_credentials = 인증 정보 거절됨
trouble_newer_database = 더 새 버전의 데이터베이스
trouble_disk_full = 디스크 가득 참
trouble_redis_full = Redis 가득 참
trouble_wrong_key = 키가 맞지 않음
trouble_clock_off = 시계 틀림
trouble_redis_evicts = Redis가 내용을 버릴 수 있음
trouble_disk_low = 디스크 공간 부족
trouble_late_messages = 웹훅 메시지가 늦어지고 있음
