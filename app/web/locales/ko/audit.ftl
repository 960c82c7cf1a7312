### 감사 기록: 누가 무엇을 언제 어디에서 했는지.

section_audit = 감사 기록
audit_lead = 이 작업 공간에서 누가 무엇을 언제 어디에서 바꾸거나 내보냈는지 모두 남습니다.
audit_when = 언제
audit_who = 누가
audit_what = 무엇을
audit_on = 대상
audit_from = 접속 주소
audit_since = 시작일
audit_until = 종료일
audit_batch = 배치 번호
audit_all = 전체
audit_everything = 필터 지우기
audit_again = 새로 고침
audit_none_title = 조건에 맞는 기록이 없습니다
audit_none_body = 필터를 지우거나 기간을 넓혀 보세요.
session_from = 접속 주소
about_rows = { $count ->
   *[other] { $shown }행
}
about_items = { $count ->
   *[other] 키워드 { $shown }개
}
about_count = { $count ->
   *[other] { $shown }번
}

what_submit = 제출
what_pause = 일시정지
what_resume = 이어서 진행
what_cancel = 취소
what_retry = 재시도
what_rerun = 다시 실행
what_rename = 이름 바꿈
what_tag = 태그 추가
what_untag = 태그 제거
what_columns = 계산 열 바꿈
what_export = 내보내기
what_waiting = 대기
what_running = 다시 진행
what_completed = 완료
what_sign_in = 로그인
what_sign_in_failed = 로그인 실패
what_sign_out = 로그아웃
what_end_session = 세션 끝냄
what_add_person = 사용자 추가
what_remove_person = 사용자 삭제
what_change_role = 역할 바꿈
what_change_password = 비밀번호 바꿈
what_link_person = 발급자 연결
what_unlink_person = 발급자 연결 해제
what_make_token = 토큰 만듦
what_revoke_token = 토큰 폐기
what_make_webhook = 웹훅 추가
what_change_webhook = 웹훅 변경
what_rotate_webhook = 웹훅 서명 키 교체
what_remove_webhook = 웹훅 삭제
what_test_webhook = 웹훅 시험
what_resend = 알림 다시 보냄
what_keep_account = 계정 저장
what_test_account = 계정 시험
what_remove_account = 계정 삭제
what_reseal = 인증 정보 다시 봉인
what_define = 소스 정의
what_undefine = 소스 삭제
what_keep_saved = 보기·프리셋 저장
what_forget_saved = 보기·프리셋 삭제
what_requeue = 슬라이스 다시 대기열에 넣음
what_discard = 슬라이스 기록 삭제
about_wrong_password = 비밀번호가 다름
about_not_vouched = 발급자의 확인을 받아들이지 않음
about_not_invited = 발급자만 아는 사람
what_forget_batch = 배치 완전히 삭제
what_purge_events = 오래된 활동 정리
what_purge_readings = 오래된 측정값 정리
what_purge_items = 오래된 키워드 정리
