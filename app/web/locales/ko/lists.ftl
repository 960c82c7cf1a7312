### 배치 목록: 필터, 표, 여러 배치에 하는 일.

## filters

list_filters = 필터
filters_set = 적용한 필터
list_drop_filter = 이 필터 빼기
list_clear = 필터 모두 지우기
search_by_name = 이름으로 검색
by_source = 소스
by_owner = 소유자
by_tag = 태그
by_time = 기간
by_from = 시작일
by_to = 종료일
by_q = 이름
any_source = 모든 소스
any_owner = 모든 소유자
any_tag = 모든 태그
any_time = 전체 기간
time_today = 오늘
time_7d = 최근 7일
time_30d = 최근 30일
list_days = 날짜 지정

## table

percent_done = 퍼센트
list_end = 종료
list_expected = 예상
expected_at = { $at }에 끝날 것으로 예상
goes_on_at = { $state }, { $at }에 이어짐
list_choose = 선택
choose_page = 이 페이지 모두 선택
list_newer = 최근 배치
list_news = 새 배치 { $count }개 · 보기
list_changed = 목록이 바뀌었습니다 · 보기
none_match_title = 조건에 맞는 배치가 없습니다
none_match_body = 필터를 바꾸거나 지우면 더 볼 수 있습니다.

## verbs for many

chosen_batches = 선택한 배치
chosen_count = { $count }개 선택
choose_none = 선택 해제
all_that_match = 조건에 맞는 { $count }개 모두 선택
newest_that_match = 조건에 맞는 최근 { $count }개 선택
all_chosen_count = 조건에 맞는 { $count }개 모두 선택됨
bulk_never = 그만두기
bulk_pause = 일시정지
bulk_resume = 이어서 진행
bulk_cancel = 취소
bulk_retry = 실패 재시도
bulk_tag = 태그 달기
bulk_untag = 태그 떼기
bulk_ask_pause = 배치 { $count }개를 일시정지할까요?
bulk_ask_resume = 배치 { $count }개를 이어서 진행할까요?
bulk_ask_cancel = 배치 { $count }개를 취소할까요? 읽은 값은 남습니다.
bulk_ask_retry = 배치 { $count }개의 실패한 조회를 다시 시도할까요?
bulk_ask_tag = 배치 { $count }개에 태그 달기
bulk_ask_untag = 배치 { $count }개에서 태그 떼기
bulk_none_pause = 일시정지할 수 있는 배치가 없습니다
bulk_none_resume = 이어서 진행할 수 있는 배치가 없습니다
bulk_none_cancel = 취소할 수 있는 배치가 없습니다
bulk_none_retry = 다시 시도할 실패가 있는 배치가 없습니다
affected = { $count }개에 적용: { $states }.
others_pause = 다른 { $count }개는 일시정지할 수 없음:
others_resume = 다른 { $count }개는 이어서 진행할 수 없음:
others_cancel = 다른 { $count }개는 취소할 수 없음:
others_retry = 다른 { $count }개는 다시 시도할 것이 없음:
so_many = { $what } { $shown }
not_unfailed = 실패 없음
not_gone = 없어진 배치
more_refused = 그 밖에 { $count }건.
bulk_doing = { $count }개 중 { $done }개 처리 …
bulk_did_pause = 배치 { $count }개를 일시정지했습니다.
bulk_did_resume = 배치 { $count }개를 이어서 진행합니다.
bulk_did_cancel = 배치 { $count }개를 취소했습니다.
bulk_did_retry = 배치 { $count }개의 실패한 조회를 다시 묻습니다.
bulk_did_tag = 배치 { $count }개에 ‘{ $tag }’ 태그를 달았습니다.
bulk_did_untag = 배치 { $count }개에서 ‘{ $tag }’ 태그를 뗐습니다.
bulk_unchanged = 이미 그렇게 되어 있어 바뀐 것이 없습니다.
bulk_refused = { $count }개는 그대로 두었습니다. { $why }
