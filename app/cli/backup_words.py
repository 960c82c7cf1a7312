"""What ``backup``, ``restore`` and ``forget`` say, in both languages."""

from app.cli.words import Sentence

BACKED_UP = Sentence(
    "{file}: {rows:,} rows as of {at}, {size}. Keep it away from this machine; it holds what people typed and read.",
    "{file}: {at} 기준 {rows:,}행, {size}. 입력한 키워드와 결과가 들어 있으니 다른 컴퓨터에 안전하게 보관하세요.",
)
WITH_KEY = Sentence(
    "The encryption key is in it too: whoever has the file can open every credential. Its mode is 0600.",
    "암호화 키도 들어 있어 이 파일을 가진 사람은 모든 인증 정보를 열 수 있습니다. 파일 권한은 0600입니다.",
)
WITHOUT_KEY = Sentence(
    "The encryption key is not in it. Keep that elsewhere: without it stored credentials have to be entered anew.",
    "암호화 키는 들어 있지 않습니다. 따로 보관하세요. 키가 없으면 저장한 인증 정보를 다시 입력해야 합니다.",
)
NO_KEY = Sentence("There is no encryption key yet, so none is in it.", "아직 암호화 키가 없어 파일에 넣지 않았습니다.")
SOUND = Sentence(
    "{file} is whole: {rows:,} rows as of {at}, tables of revision {revision}, from {database}.",
    "{file}: 이상 없음. {at} 기준 {rows:,}행, 테이블 버전 {revision}, 원본 {database}.",
)
RESTORED = Sentence(
    "{rows:,} rows as of {at} are in {where}. Start Keybatch: batches that were under way go on. What was read after "
    "the backup is asked again, so never run the house that it was taken from beside this one.",
    "{at} 기준 {rows:,}행을 {where}에 복원했습니다. Keybatch를 시작하면 진행 중이던 배치가 이어집니다. "
    "백업 뒤에 조회한 것은 다시 조회하므로, 백업한 원래 Keybatch를 함께 실행하지 마세요.",
)
KEY_RESTORED = Sentence("The encryption key is in {key}.", "암호화 키: {key}")
KEY_ELSEWHERE = Sentence(
    "The encryption key is in {key}. This database is not the data folder's own, so it has to be named: "
    "KEYBATCH_ENCRYPTION_KEY_FILE={key}",
    "암호화 키: {key}. 데이터 폴더의 데이터베이스가 아니므로 KEYBATCH_ENCRYPTION_KEY_FILE={key} 설정이 필요합니다.",
)
UNOPENED = Sentence(
    "No key here opens what is sealed of {what}. Put the old key into KEYBATCH_ENCRYPTION_KEY, or enter them anew.",
    "{what}의 인증 정보를 열 키가 없습니다. KEYBATCH_ENCRYPTION_KEY에 예전 키를 넣거나 인증 정보를 다시 입력하세요.",
)
CANNOT_READ = Sentence("{file} cannot be read: {why}.", "{file} 파일을 읽을 수 없습니다: {why}.")
PIPE = Sentence(
    "This is a terminal. Name a file, or send the backup into a pipe: {program} backup - | …",
    "터미널에는 쓰지 않습니다. 파일 이름을 주거나 파이프로 보내세요: {program} backup - | …",
)
TOLD = Sentence("{table} {through:,}/{of:,}", "{table} {through:,}/{of:,}")
SURE = Sentence(
    "Remove {names}, with all keywords and readings, for good?", "{names} 배치를 키워드, 결과와 함께 완전히 지울까요?"
)
SURE_HOW = Sentence("Nobody can be asked here. Say --yes.", "물어볼 수 없는 환경입니다. --yes를 붙이세요.")
FORGOTTEN = Sentence("Forgotten: {count}.", "지운 배치: {count}개.")
PURGED = Sentence(
    "Readings of some batches are not kept any more; what they had measured is not in this list.",
    "일부 배치는 보관 기간이 지나 결과를 지웠습니다. 그 측정값은 이 목록에 없습니다.",
)
