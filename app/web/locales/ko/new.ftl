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

findings = 키워드 점검
changed_by = 다듬은 키워드
doubts = 잘못 입력한 것 같은 키워드
typed = 입력
offered = 제안
kind = 종류
nothing_offered = 제안 없음
spacings = 띄어쓰기만 다른 키워드
groups_count = { $count }묶음
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
not_set_up = 설정 필요
pay_with = 물을 때 쓸 계정
