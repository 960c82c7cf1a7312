### The door: signing in, and the first owner.

sign_in = 로그인
sign_out = 로그아웃
signed_in_as = 로그인한 사용자
person_name = 이름
password = 비밀번호
password_again = 비밀번호 확인
password_hint = 10자 이상. 자신만의 문장을 쓰면 기억하기 쉽습니다.
welcome = 소유자 계정 만들기
welcome_lead = 처음 시작하는 Keybatch입니다. 이 컴퓨터에서만 만들 수 있으며, 다른 사람은 나중에 소유자가 추가합니다.
welcome_do = 만들고 시작하기
forgotten = 비밀번호를 잊었다면 Keybatch가 실행되는 컴퓨터에서 새로 정하세요:
enter_name = 이름을 입력하세요.
enter_password = 비밀번호를 입력하세요.
passwords_differ = 두 비밀번호가 다릅니다. 다시 입력하세요.
or = 또는
sign_in_with = { $title } 계정으로 로그인
link_title = 로그인 계정 연결
link_lead = 지금 ‘{ $name }’(으)로 로그인되어 있습니다. { $title } 계정을 연결하면 다음부터 그 계정으로도 로그인할 수 있습니다.
link_do = { $title } 계정 연결
link_not = 연결하지 않음
sign_out_here = 로그아웃해도 발급자 쪽 로그인은 그대로입니다.
unlink = 연결 끊기
unlinked = { $title } 계정 연결을 끊었습니다.
link_own = 내 계정 연결
linked_yes = 계정으로도 로그인할 수 있습니다.
linked_no = 계정은 아직 연결하지 않았습니다.
