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
