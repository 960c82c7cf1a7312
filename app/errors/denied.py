"""Who asks is not known, or may not do this; nothing was changed."""

from app.errors.refused import Refused

#: Every 401 says how it could have been none (RFC 9110); `Basic` would make browsers ask by themselves.
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Keybatch"'}


class NotSignedIn(Refused):
    """No token and no session, or one that is not valid (any more)."""

    code = "not_signed_in"
    http_status = 401
    en = "This needs a valid token (Authorization: Bearer kb_…) or a signed-in browser. Sign in, or make a token."
    ko = "유효한 토큰(Authorization: Bearer kb_…)이나 로그인이 필요합니다. 로그인하거나 토큰을 만드세요."

    def http_headers(self) -> dict[str, str]:
        """How to come in."""
        return CHALLENGE


class WrongPassword(Refused):
    """The name and the password do not belong together."""

    code = "wrong_password"
    http_status = 401
    en = "Name and password do not match. Try again."
    ko = "이름과 비밀번호가 맞지 않습니다. 다시 입력하세요."

    def http_headers(self) -> dict[str, str]:
        """How else to come in."""
        return CHALLENGE


class Forbidden(Refused):
    """Known, but without the scope that this takes."""

    code = "forbidden"
    http_status = 403
    en = "This takes the scope {scope}, which the token or the role does not have. Use one that has it."
    ko = "{scope} 권한이 필요하지만 이 토큰이나 역할에는 없습니다. 권한이 있는 것을 사용하세요."


class Forged(Refused):
    """A change asked for with a browser's session, without the proof that one of our pages asks."""

    code = "forged"
    http_status = 403
    en = "The header X-CSRF-Token is missing or wrong. Send the value of the cookie keybatch_csrf in it."
    ko = "X-CSRF-Token 헤더가 없거나 틀립니다. keybatch_csrf 쿠키의 값을 넣어 보내세요."


class TooFast(Refused):
    """More requests than are answered in a time; ``after`` says in how many seconds to come again."""

    code = "too_many_requests"
    http_status = 429
    en = "Too many requests. Come again in {after} s."
    ko = "요청이 너무 많습니다. {after}초 뒤에 다시 시도하세요."

    def http_headers(self) -> dict[str, str]:
        """When to come again."""
        return {"Retry-After": str(self.facts["after"])}


class AlreadyOwned(Refused):
    """The house has its owner: further people are added by him."""

    code = "already_owned"
    http_status = 409
    en = "There is an owner already. Sign in, or ask the owner for an account."
    ko = "이미 소유자가 있습니다. 로그인하거나 소유자에게 계정을 요청하세요."


class KeyReused(Refused):
    """An idempotency key that came with something else before."""

    code = "idempotency_key_reused"
    http_status = 409
    en = "This Idempotency-Key came with another request within the last 24 hours. Use a new key for a new request."
    ko = "이 Idempotency-Key는 지난 24시간 안에 다른 요청에 쓰였습니다. 새 요청에는 새 키를 쓰세요."
