"""Words of signing in, as (Korean, English)."""

DOOR_WORDS: dict[str, tuple[str, str]] = {
    "sign_in": ("로그인", "Sign in"),
    "sign_out": ("로그아웃", "Sign out"),
    "signed_in_as": ("로그인한 사용자", "Signed in as"),
    "person_name": ("이름", "Name"),
    "password": ("비밀번호", "Password"),
    "password_again": ("비밀번호 확인", "Password again"),
    "password_hint": (
        "10자 이상. 자신만의 문장을 쓰면 기억하기 쉽습니다.",
        "At least 10 characters. A sentence of your own is easy to remember.",
    ),
    "welcome": ("소유자 계정 만들기", "Make the owner's account"),
    "welcome_lead": (
        "처음 시작하는 Keybatch입니다. 이 컴퓨터에서만 만들 수 있으며, 다른 사람은 나중에 소유자가 추가합니다.",
        "This Keybatch is new. Its owner is made on this machine only, and adds other people later.",
    ),
    "welcome_do": ("만들고 시작하기", "Make it and begin"),
    "forgotten": (
        "비밀번호를 잊었다면 Keybatch가 실행되는 컴퓨터에서 새로 정하세요:",
        "Forgot the password? Set another one on the machine that Keybatch runs on:",
    ),
    "enter_name": ("이름을 입력하세요.", "Enter a name."),
    "enter_password": ("비밀번호를 입력하세요.", "Enter the password."),
    "passwords_differ": ("두 비밀번호가 다릅니다. 다시 입력하세요.", "The two passwords differ. Enter them again."),
}
