### 배치 하나: 머리, 동작, 탭.

batch_parts = 배치의 부분
tab_results = 결과
tab_failures = 실패
tab_charts = 차트
tab_activity = 활동
tab_api = API

## 머리

about_size = 키워드 { $items }개 × 소스 { $sources }개
about_submit = { $at }{ $owned ->
    [1] {" "}{ $name } 제출
   *[other] {" "}제출
}
about_goes_on = { $at }에 이어짐
about_deadline = 기한
rename = 이름 바꾸기
save_name = 저장
never_mind = 그만두기 (Esc)
tag = 태그
untag = 태그 떼기
notify_me = 끝나면 알림
notice_completed = ‘{ $name }’ 완료: 조회 { $done }건, 실패 { $failed }건
notice_cancelled = ‘{ $name }’ 취소됨: 읽은 { $done }건은 남아 있습니다.

## 동작

retry_failed = 실패 { $count }건 재시도
export = 내보내기
share = 링크 복사
export_lead = 지금 상태 그대로, 진행 중에도 받을 수 있습니다.
export_file = 파일
export_wide = 가로형
export_long = 세로형
export_wide_hint = 한 줄에 키워드 하나, 소스마다 열 하나
export_long_hint = 한 줄에 측정 하나, 언제 어디서 읽었는지 함께
export_excel = 엑셀용 CSV
export_csv = CSV
export_tsv = TSV
export_jsonl = JSON Lines
export_xlsx = XLSX
export_parquet = Parquet
did_pause = 일시정지했습니다. 읽은 값은 남아 있습니다.
did_resume = 이어서 진행합니다.
did_cancel = 취소했습니다. 읽은 값은 남아 있습니다.
did_rename = 이름을 바꿨습니다.
copied = 복사했습니다.
copied_link = 링크를 복사했습니다. 탭·필터·정렬까지 담겨 있습니다.
not_copied = 브라우저가 복사를 허용하지 않았습니다.

## 수치

limit_is = 한도 { $limit }
limit_part = 한도 { $limit }의 { $percent }%
binds_days = 하루 호출 한도가 결정, 자정을 { $days }번 넘김
left_renewed = { $at }에 { $quota } 회복
answer_time = 응답 시간
answer_none = 아직 호출 없음
since = { $span }째 진행
of_these_cached = 이 중 이전 측정

## 이유

why_cancelling = 보내 둔 호출만 마무리하고 취소합니다. 읽은 값은 남습니다.
why_no_workers = 실행 중인 작업자가 없어 아무것도 물을 수 없습니다. ‘python -m app worker’로 작업자를, 또는 ‘make run’으로 전체를 시작하세요.
why_queued = 차례를 기다립니다. 작업자 { $count }개가 다른 배치를 처리하고 있거나 아직 이 배치를 보지 못했습니다.

## 실패

no_failures_title = 실패가 없습니다
no_failures_body = 지금까지 모든 조회에 답이 있습니다. 실패한 조회는 소스와 종류별로 여기에 모이고, 바로 다시 물을 수 있습니다.
advice_unreachable = 대개 일시적입니다. 서비스가 정상으로 돌아오면 다시 시도하세요.
advice_unreadable = 서비스가 예상과 다른 답을 보냈습니다. 먼저 100개만 시도해 보고, 또 실패하면 응답 형식이 바뀐 것입니다.
advice_rejected = 다시 물어도 거절됩니다. 키워드를 고쳐 새로 제출하세요.
failed_sample = 예
sample_more = 외 { $count }개
see_rows = 행 보기
canary_hint = 전부 묻기 전에 먼저 100개만 물어 나아지는지 봅니다

## 차트

chart_spread = { $source } 값의 분포
chart_cloud = { $x } 대비 { $y }
chart_progress = 시간에 따른 진행
chart_beside = 값 { $ok }개. 숫자가 아니라서 그리지 않은 것: 기준 미만 { $below }개, 응답에 없음 { $missing }개, 실패 { $failed }개, 아직 묻지 않음 { $unread }개.
chart_log = 오른쪽으로 한 칸마다 2~2.5배씩 커지며, 0은 따로 표시합니다.
chart_no_value = 아직 값이 없습니다.
chart_withheld = 이 서비스의 값은 설정에 따라 누구에게도 보여 주지 않습니다.
chart_no_pair = 아직 두 소스의 값이 모두 있는 키워드가 없습니다.
chart_all_rows = 키워드 { $of }개 중 { $dots }개, 점 하나가 키워드 하나입니다.
chart_sampled = 키워드 { $of }개에서 고르게 뽑은 { $rows }개 중 { $dots }개입니다.
chart_left_out = 숫자가 아니라서 뺀 것: 기준 미만 { $below }개, 응답에 없음 { $missing }개, 실패 { $failed }개, 아직 묻지 않음 { $unread }개.
chart_zero_strip = 로그 눈금에는 0의 자리가 없어 가장자리에 따로 모았습니다.
chart_median = { $source } 중앙값
chart_progress_note = 조회 { $lookups }건 중 { $count }건을 읽었습니다. 다시 시도한 것은 한 번 더 셉니다.
chart_gaps = 한동안 읽지 않은 구간이 { $count }번 있습니다. 선을 잇지 않고 비워 둡니다.
chart_untimed = 모두 이전 측정으로 답해서, 이 배치에서 읽은 시각이 없습니다.
axis_value = 값
axis_keywords = 키워드 수
axis_time = 시각 (한국 시간)
axis_readings = 읽은 수
axis_x = 가로축
axis_y = 세로축
chart_from = 시작
chart_until = 끝
under_zero = 0 미만
as_table = 표로 보기
no_charts_title = 아직 그릴 것이 없습니다
no_charts_body = 첫 값을 읽으면 값의 분포, 소스 사이의 관계, 진행 과정이 여기에 그려집니다.
