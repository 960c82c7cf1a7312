### The form for a new batch: files, cleaning, previews.

## a file or a table

choose_file = 파일 선택
choose_other = 다른 파일
drop_here = 여기에 놓으세요
file_loading = 파일을 읽는 중
remove_file = 파일 빼기
one_file = 파일은 한 번에 하나만 받습니다.
text_stays = 붙여넣은 키워드는 그대로 있습니다. 파일을 빼면 다시 나타납니다.
pasted_table = 붙여넣은 표
columns_count = 열 { $count }개
column_number = { $number }열
pick_column = 키워드가 있는 열을 고르세요.
others_kept = 나머지 열은 값으로 함께 보관합니다.
columns_more = + 보이지 않는 열 { $count }개
check_table = 여러 열로 된 표를 붙여넣으셨습니다. 키워드 열이 맞는지 확인하고 다시 누르세요.
sample = 처음 몇 행
no_rows = 읽을 수 있는 행이 없습니다.
encoding = 인코딩
delimiter = 구분 기호
delimiter_none = 없음 (한 줄에 하나)
delimiter_tab = 탭
delimiter_comma = 쉼표 ,
delimiter_semicolon = 세미콜론 ;
delimiter_bar = 세로줄 |
header = 첫 행
header_yes = 열 이름
header_no = 데이터
sheet = 시트

## cleaning

tidying = 키워드 다듬기
tidying_steps = 단계
fixing = 제안대로 고치기
merge_spacing = 띄어쓰기만 다른 키워드 합치기
lone_jamo = 글자가 되지 못한 자모
latin_typed = 영문 자판으로 친 한글
hangul_typed = 한글 자판으로 친 영문

## preview

typed = 입력
nothing_offered = 제안 없음
and_more = 그 밖에 { $count }개
all_lines = 받지 않거나 바뀐 줄 내려받기
all_lines_first = 처음 { $count }줄
no_keyword = 이 행에 키워드가 없습니다
not_text = 인코딩에 맞지 않습니다
nul = NUL 바이트가 있습니다
extra_cells = 칸이 열보다 많습니다
not_json = 키워드가 있는 JSON 줄이 아닙니다

## sources

other_languages = 다른 언어 { $count }개
pay_with = 물을 때 쓸 계정
not_set_up = 키 없음
key_missing = 먼저 인증 정보를 넣어야 합니다. 필요한 설정:
left_of_today = 오늘 { $count }번 남음
sources_search = 소스 찾기
sources_unmatched = 그런 소스가 없습니다.
to_sources = 소스와 계정 →
sources_picked = 소스 { $count }개
sources_gone = 여기서 고를 수 없는 소스: { $names }

## what it comes to

cost_and_time = 비용과 시간
cached_answers = 이전 측정으로 답함
bound_rate = 호출 속도 한도에 따라 끝나는 때가 정해집니다.
bound_quota = 하루 호출 한도에 따라 끝나는 때가 정해집니다.
bound_upstream_down = 외부 서비스가 응답하지 않는 동안에는 시작하지 않습니다.
bound_credentials = 인증 정보를 고칠 때까지 기다립니다.
bound_throttled = 외부 서비스가 쉬어 달라고 했습니다.
bound_speed = 이 컴퓨터의 속도 말고는 제한이 없습니다.
bound_none = 호출이 필요 없습니다.
quota_left = { $upstream }: 호출 { $calls }번 필요, 오늘 { $left }번 남음.
quota_month = { $upstream }: 이번 달 { $left }번 남음.
quota_gone = { $upstream }: 오늘 남은 호출이 없습니다. 제출할 수 있으며, { $at }에 저절로 이어집니다.
account_halted = { $upstream }: { $why }.
findings = 조회할 키워드
findings_none = 키워드를 붙여넣고 소스를 고르면, 무엇을 조회할지 입력하는 대로 여기에 나타납니다.
mode_typing = 입력하는 대로
mode_pause = 긴 목록: 입력을 멈추면
mode_asked = 아주 긴 목록: 미리 보기를 누르세요
chip_accepted = 받음 { $shown }
chip_merged = 중복 합침 { $shown }
chip_repaired = 다듬음 { $shown }
chip_rejected = 거절 { $shown }
chip_doubtful = 확인 필요 { $shown }
chip_spaced = { $count ->
   *[other] 띄어쓰기만 다름 { $shown }묶음
}
what_about = 내용
outcome = 처리
changed = 다듬음
fixed = 고침
same_as = { $number }번째 키워드와 같음
meant = { $kind }: { $offered }?
as_typed = 입력한 대로 조회
do_fix = 모두 고치기
undo_fix = 되돌리기
spacings = 띄어쓰기만 다른 키워드
merge_them = 합치기 또는 따로 두기
submit_count = { $count ->
   *[other] 키워드 { $shown }개 제출
}
made = { $batch }번 배치를 제출했습니다.

## name, tags, presets

tags = 태그
tags_hint = 쉼표나 Enter로 구분
tag_remove = 태그 빼기
presets = 프리셋
presets_none = 아직 프리셋이 없습니다. 자주 쓰는 소스, 옵션, 태그를 이름을 붙여 저장해 두세요.
preset_name = 프리셋 이름
preset_name_wrong = 프리셋 이름은 보이는 글자 1~80자여야 합니다.
presets_full = 프리셋이 이미 200개 있습니다. 먼저 하나를 지우세요.
preset_unknown = { $name } 프리셋은 없습니다.
preset_keep = 저장
preset_drop = 프리셋 지우기
preset_kept = { $name } 프리셋을 저장했습니다.
preset_replaced = { $name } 프리셋을 바꿔 저장했습니다.
preset_gone = { $name } 프리셋을 지웠습니다.

## what was typed

draft_restored = 입력하던 내용을 되살렸습니다
draft_discard = 버리기
long_list = 긴 목록은 느려지지 않도록 입력란 없이 보여 줍니다.
long_edit = 그래도 편집
long_clear = 비우기
not_sent = 목록을 서버로 보내지 못했습니다. 입력한 내용은 그대로 있습니다. 다시 시도하세요.
only_look = 볼 수만 있고 제출할 수는 없습니다. 소유자나 관리자에게 구성원 권한을 요청하세요.

## what does not fit

wrong_name = 이름은 200자까지 쓸 수 있습니다. 줄여 주세요.
wrong_tags = 태그는 20개까지, 하나에 50자까지 쓸 수 있습니다.
wrong_deadline = 기한은 지금보다 뒤, 10년 안이어야 합니다. 더 늦은 때로 바꾸거나 비우세요.
wrong_key = 이 양식은 다른 키워드나 옵션으로 이미 제출되었습니다. 배치 목록을 확인하고, 지금 내용으로 제출하려면 한 번 더 누르세요.
wrong_pasted = 목록이 더는 보관되어 있지 않습니다. 한 번 더 누르면 다시 보냅니다.
wrong_file = { $value } 파일이 더는 보관되어 있지 않습니다. 다시 선택하세요.
