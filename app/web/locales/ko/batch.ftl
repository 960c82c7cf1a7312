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
leave_form = 그만두기 (Esc)
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
answer_gone = 보관 기간이 지남
since = { $span }째 진행
of_these_cached = 이 중 이전 측정

## 이유

why_cancelling = 보내 둔 호출만 마무리하고 취소합니다. 읽은 값은 남습니다.
why_no_workers = 실행 중인 워커가 없어 아무것도 물을 수 없습니다. ‘python -m app worker’로 워커를, 또는 ‘make run’으로 전체를 시작하세요.
why_queued = 차례를 기다립니다. 워커 { $count }개가 다른 배치를 처리하고 있거나 아직 이 배치를 보지 못했습니다.

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

## 활동

by_house = Keybatch 자동
by_cli = 명령줄
by_anyone = 누구나 (토큰 없음)
act_submit = 제출: 키워드 { $items }개 × 소스 { $sources }개
act_submit_again = 다시 실행으로 제출, 원래 배치
act_pause = 일시정지
act_resume = 이어서 진행
act_cancel = 취소
act_expire = 기한이 되어 취소
act_retry = 실패 { $lookups }건 재시도{ $narrow ->
    [1] {" "}({ $which })
   *[other] {""}
}
act_rerun = 다시 실행, 새 배치
act_rename = 이름을 ‘{ $before }’에서 ‘{ $name }’(으)로 바꿈
act_tag = 태그 ‘{ $tag }’ 추가
act_untag = 태그 ‘{ $tag }’ 제거
act_requeue = 실패한 슬라이스를 다시 대기열에 넣음 ({ $which })
act_discard = 끝난 슬라이스의 기록 삭제 ({ $which })
act_columns = 계산 열을 { $count }개로 바꿈
act_export = { $format } 파일로 내보냄: { $rows }행
act_waiting = { $account }: 기다림
act_waiting_quota = { $account }: 호출 한도 소진, { $until }까지 대기
act_waiting_upstream_down = { $account }: 서비스가 응답하지 않아 대기
act_waiting_credentials = { $account }: 인증 정보가 거절되어 대기
act_waiting_throttled = { $account }: 쉬어 달라고 해서 { $until }까지 대기
act_running = { $account }: 다시 진행
act_purge_events = 끝난 지 { $days }일이 지나 이전 활동 기록과 다시 시도한 실패 기록을 지움
act_purge_readings = 끝난 지 { $days }일이 지나 결과를 지움
act_purge_items = 끝난 지 { $days }일이 지나 키워드를 지움
act_forget_batch = { $number }번 배치 ‘{ $name }’ 지움
act_completed = 완료{ $failed ->
    [0] {""}
   *[other] , 실패 { $failed }건
}
no_acts_title = 기록이 없습니다
no_acts_body = 이 배치에 누가 언제 무엇을 했는지 여기에 남습니다.
older_acts = 이전
newest_acts = 최신

## API

api_lead = 이 화면에서 하는 일을 HTTP로 하는 명령입니다. 비밀 값은 들어 있지 않고, 첫 명령이 토큰을 화면에 보이지 않게 묻습니다.
api_tokens = 토큰
api_docs = API 문서
copy = 복사
curl_setup = 주소와 토큰
curl_setup_note = 셸마다 한 번. 설정에서 토큰을 만들고, 줄이 기다릴 때 붙여넣으세요.
curl_submit = 같은 소스로 키워드 제출
curl_submit_note = 한 줄에 키워드 하나인 파일. 옵션은 이 배치와 같습니다.
curl_look = 상태 보기
curl_look_note = 상태, 개수, 속도, 끝나는 때와 그 이유.
curl_events = 실시간으로 따라가기
curl_events_note = 저장되는 대로 모든 값이 옵니다(SSE). Last-Event-ID 헤더를 주면 멈춘 곳부터 이어집니다.
curl_export = 내보내기
curl_export_note = 엑셀용 CSV. format은 csv·jsonl·xlsx·parquet, layout은 wide·long.
curl_retry = 실패 다시 시도
curl_retry_note = 먼저 실패한 100건. 본문을 빼면 전부입니다.
curl_cancel = 취소
curl_cancel_note = 읽은 값은 남고, 이어서 진행하면 멈춘 곳부터 계속합니다.
