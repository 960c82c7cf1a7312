### The table of results: its tools, its rows, what is done with them.

## search, filters, columns

search_rows = 키워드, 초성(ㅈㅈㄷ)
search_rows_label = 키워드 검색. 초성만 적어도 찾습니다.
add_filter = 필터
remove_filter = 필터 빼기
filter_column = 열
filter_condition = 조건
filter_number = 숫자
filter_states = 상태가 다음 중 하나
value_range = 범위
value_none = 값 없음
value_not_one = 하나의 숫자가 아님
filter_no_column = 열을 고르세요.
filter_no_state = 상태를 하나 이상 고르세요.
filter_no_number = 비교할 숫자를 적으세요. 예) 1000, 0.5
table_columns = 열
all_columns = 모든 열을 원래 순서로
column_left = 앞으로
column_right = 뒤로
clear_filters = 필터와 검색 지우기
newer = { $count ->
   *[other] 새 결과 { $shown }건
}
show_newer = 보기

## rows

row_number = 입력 순서
pick_page = 이 쪽의 모든 행 고르기
pick_row = 행 고르기
rows_span = { $rows } / { $of }행
rows_some = { $rows }행
rows_some_of = { $rows }행 / 모두 { $of }행
go_to_row = 행 번호로 이동
table_keys = j k 이동 · Enter 열기 · Space 고르기 · Ctrl+C 복사
nothing_matches = 조건에 맞는 행이 없습니다
nothing_matches_body = 필터나 검색어를 지우면 모든 행이 다시 보입니다.
beyond_the_end = 여기에는 행이 없습니다
beyond_the_end_body = 주소의 행 번호가 이 배치의 행보다 큽니다.
bad_view_title = 이 배치에서는 볼 수 없는 조건입니다
plain_table = 조건 없이 보기

## kept views

kept_views = 보기 저장
no_views = 저장한 보기가 없습니다.
keep_view_as = 지금 보기를 이 이름으로
keep_view = 저장
view_kept = “{ $name }” 보기를 저장했습니다.
view_forgotten = “{ $name }” 보기를 지웠습니다.
forget_view = 보기 지우기
undo_forget = 되돌리기

## a row

row_detail = 행 자세히
row_before = 이전 행
row_after = 다음 행
close_row = 닫기 (Esc)
asked_as = 이렇게 물음:
row_merged = { $count ->
   *[other] 같은 키워드 { $shown }줄을 합침
}
fact_observed_at = 측정한 때
fact_from_cache = 출처
from_cache_yes = 이전 측정을 다시 씀
fact_attempts = 시도
fact_account = 계정
fact_answer_time = 응답 시간
raw_data = 함께 온 데이터
measurements = 측정 기록
line_says = { $count ->
   *[other] 측정 { $shown }번의 추이
}

## selected rows

rows_picked = 행 고름
all_matching_picked = 조건에 맞는 행 모두:
pick_all_matching = 조건에 맞는 행 모두 고르기
unpick = 고르기 취소
copy_rows = 복사
copy_page = 이 쪽 복사 (TSV)
rows_copied = 0행을 복사했습니다. 엑셀에 바로 붙여 넣을 수 있습니다.
rows_not_copied = 브라우저가 복사를 허용하지 않습니다.
retry_failed_rows = 실패 다시 시도
retry_affects = { $count ->
   *[other] 이 행들의 실패한 조회 { $shown }건을 다시 묻습니다.
}
rows_retried = { $count ->
   *[other] 실패한 조회 { $shown }건을 다시 묻습니다.
}
export_rows = 내보내기
format_csv = 엑셀, 텍스트
format_xlsx = 엑셀 통합 문서
format_jsonl = 프로그램용, 한 줄에 하나
format_parquet = 데이터 분석용
batch_of_rows = 이 행들로 새 배치
batch_affects = { $count ->
   *[other] 키워드 { $shown }개로 새 배치를 만듭니다.
}
