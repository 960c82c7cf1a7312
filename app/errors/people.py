"""What does not fit a person of the house, his name or his password."""

from app.errors.refused import Refused


class BadName(Refused):
    """A name that nobody could be told by."""

    code = "bad_name"
    en = "A name has 1 to {most} visible characters. Choose another one."
    ko = "이름은 보이는 글자 1~{most}자여야 합니다. 다른 이름을 입력하세요."


class NameTaken(Refused):
    """Somebody else is called so."""

    code = "name_taken"
    http_status = 409
    en = "There is somebody called {name} already. Choose another name."
    ko = "이미 쓰이고 있는 이름입니다({name}). 다른 이름을 고르세요."


class WeakPassword(Refused):
    """A password that is too easily guessed, or longer than is taken."""

    code = "weak_password"
    en = "A password has at least {least} and at most {most:,} characters. A sentence of your own is easy to remember."
    ko = "비밀번호는 {least}자 이상 {most:,}자 이하여야 합니다. 자신만의 문장을 쓰면 기억하기 쉽습니다."


class NoSuchPerson(Refused):
    """Nobody is called so."""

    code = "no_such_person"
    http_status = 404
    en = "There is nobody called {name}. See the list of people for their names."
    ko = '"{name}" 사용자는 없습니다. 사용자 목록에서 이름을 확인하세요.'


class LastOwner(Refused):
    """Without him nobody could manage the house."""

    code = "last_owner"
    http_status = 409
    en = "{name} is the last owner. Add another owner first."
    ko = "{name}은(는) 마지막 소유자입니다. 먼저 다른 소유자를 추가하세요."


class RoleTooHigh(Refused):
    """Only an owner makes owners, and only an owner changes one."""

    code = "role_too_high"
    http_status = 403
    en = "Only an owner can make somebody an owner or change an owner. Ask an owner."
    ko = "소유자를 만들거나 바꾸는 일은 소유자만 할 수 있습니다. 소유자에게 요청하세요."


class NotHere(Refused):
    """Only somebody at the machine itself may do this."""

    code = "not_here"
    http_status = 403
    en = "The owner is made on the machine that Keybatch runs on: in its browser, or with: python -m app user add NAME"
    ko = "소유자는 Keybatch가 실행되는 컴퓨터에서만 만들 수 있습니다. 그 컴퓨터의 브라우저를 쓰거나 다음을 실행하세요: python -m app user add NAME"
