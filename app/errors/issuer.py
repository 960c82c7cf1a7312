"""Somebody whom an issuer elsewhere vouches for, or fails to."""

from app.errors.base import Language
from app.errors.denied import CHALLENGE
from app.errors.refused import Refused
from app.errors.unavailable import Unavailable


class NotVouched(Refused):
    """What came from the issuer, or as if from it, proves nobody. ``en`` and ``ko`` say why."""

    code = "not_vouched"
    http_status = 401
    en = (
        "The issuer's word was not taken: {why}. Begin to sign in again; if that does not help, tell who runs Keybatch."
    )
    ko = "발급자의 확인을 받아들일 수 없습니다: {why}. 다시 로그인해 보고, 그래도 안 되면 운영자에게 알리세요."

    def sentence(self, language: Language = "en") -> str:
        """Why, in the reader's language."""
        return (self.ko if language == "ko" else self.en).format(why=self.facts[language])

    def http_headers(self) -> dict[str, str]:
        """How to come in."""
        return CHALLENGE


class NotInvited(Refused):
    """The issuer knows him, and this house does not let him in."""

    code = "not_invited"
    http_status = 403
    en = "{name} is known to the issuer and has no place in this Keybatch. Ask an owner or admin for one."
    ko = "{name} 님은 발급자가 확인했지만 이 Keybatch의 사용자가 아닙니다. 소유자나 관리자에게 요청하세요."


class SubjectTaken(Refused):
    """The account at the issuer is somebody else's here."""

    code = "subject_taken"
    http_status = 409
    en = "That account at the issuer belongs to somebody else here. Use another one, or take it from that person first."
    ko = "이 발급자 계정은 이미 다른 사용자에게 연결되어 있습니다. 다른 계정을 쓰거나 먼저 그 연결을 끊으세요."


class NoIssuer(Refused):
    """Nobody vouches for people of this house."""

    code = "no_issuer"
    http_status = 404
    en = "People sign in with their passwords alone here. An issuer is set with KEYBATCH_OIDC_ISSUER."
    ko = "여기서는 비밀번호로만 로그인합니다. 발급자는 KEYBATCH_OIDC_ISSUER로 정합니다."


class IssuerDown(Unavailable):
    """The issuer does not answer, or not as one."""

    code = "issuer_down"
    en = "The issuer {issuer} does not answer as it should ({why}). Try again later, or sign in with a password."
    ko = "발급자 {issuer}이(가) 제대로 응답하지 않습니다({why}). 나중에 다시 시도하거나 비밀번호로 로그인하세요."
