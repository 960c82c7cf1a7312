"""What the commands ``user`` and ``token`` say, in both languages."""

from app.cli.words import Sentence

PERSON_ADDED = Sentence(
    "{name} is added: {role}, in the workspace {workspace}.",
    "{name} 사용자를 추가했습니다. 역할: {role}, 작업 공간: {workspace}.",
)
NOBODY = Sentence(
    "There is nobody yet. Add the owner: {program} user add NAME",
    "아직 사용자가 없습니다. 소유자 추가: {program} user add 이름",
)
PASSWORD_CHANGED = Sentence(
    "{name} has another password and is signed out everywhere.",
    "{name} 사용자의 비밀번호를 바꾸고 모든 브라우저에서 로그아웃했습니다.",
)
PERSON_GONE = Sentence(
    "{name} is removed, with the sessions and tokens.", "{name} 사용자를 세션, 토큰과 함께 지웠습니다."
)
NEW_PASSWORD = Sentence("Password (at least {least} characters)", "비밀번호({least}자 이상)")
AGAIN = Sentence("Password again", "비밀번호 확인")
TOKEN_MADE = Sentence(
    "Token {token}. It is shown this once; keep it as you would a password.",
    "{token}번 토큰입니다. 지금 한 번만 보이니 비밀번호처럼 보관하세요.",
)
TOKEN_REVOKED = Sentence(
    "Token {token} ({name}) opens nothing any more.", "{token}번 토큰({name})은 이제 쓸 수 없습니다."
)
NO_TOKENS = Sentence(
    "No tokens yet. Create one: {program} token create --name NAME --scope read",
    "아직 토큰이 없습니다. 만들기: {program} token create --name 이름 --scope read",
)
ANOTHER_WORKSPACE = Sentence("{name} is in another workspace.", "{name} 사용자는 다른 작업 공간에 있습니다.")
VALID, REVOKED, EXPIRED = Sentence("valid", "유효"), Sentence("revoked", "폐기"), Sentence("expired", "만료")

ROLES = {
    "owner": Sentence("owner", "소유자"),
    "admin": Sentence("admin", "관리자"),
    "member": Sentence("member", "구성원"),
    "viewer": Sentence("viewer", "보기 전용"),
}
PEOPLE_COLUMNS = (
    Sentence("name", "이름"),
    Sentence("role", "역할"),
    Sentence("workspace", "작업 공간"),
    Sentence("since", "추가"),
)
TOKEN_COLUMNS = (
    Sentence("id", "번호"),
    Sentence("name", "이름"),
    Sentence("begins with", "앞부분"),
    Sentence("may", "권한"),
    Sentence("person", "사용자"),
    Sentence("state", "상태"),
    Sentence("created", "만듦"),
    Sentence("ends", "만료"),
    Sentence("last used", "마지막 사용"),
)
ACTIVITY_COLUMNS = (
    Sentence("when", "언제"),
    Sentence("who", "누가"),
    Sentence("what", "무엇을"),
    Sentence("batch", "배치"),
    Sentence("from", "접속 주소"),
    Sentence("about", "내용"),
)
NO_ACTS = Sentence("Nothing was done that fits.", "조건에 맞는 활동이 없습니다.")
BY_HOUSE = Sentence("Keybatch itself", "Keybatch 자동")
ROLE_CHANGED = Sentence("{name} is {role} now.", "{name} 사용자의 역할을 {role}(으)로 바꿨습니다.")
SESSIONS_ENDED = Sentence("{count} sessions ended.", "세션 {count}개를 끝냈습니다.")
SESSION_COLUMNS = (
    Sentence("mark", "표시"),
    Sentence("since", "로그인"),
    Sentence("last used", "마지막 사용"),
    Sentence("from", "접속 주소"),
)
LINKED = Sentence("{name} can sign in by the issuer now.", "{name} 사용자는 이제 발급자를 통해 로그인할 수 있습니다.")
UNLINKED = Sentence("{name} signs in with a password alone.", "{name} 사용자는 이제 비밀번호로만 로그인할 수 있습니다.")
