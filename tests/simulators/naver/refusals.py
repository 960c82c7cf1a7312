"""What the platforms say when they do not answer: codes, words and shapes as documented or measured."""

import json
from dataclasses import dataclass

_AUTH = "Authentication failed. (인증에 실패했습니다.)"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One error: flat ``{"errorMessage", "errorCode"}``, or ``nested`` as HUB's gateway writes it."""

    status: int
    code: str | int
    message: str
    details: str = ""
    nested: bool = False

    @property
    def json(self) -> bytes:
        if not self.nested:
            body: dict[str, object] = {"errorMessage": self.message, "errorCode": self.code}
        else:
            inner: dict[str, object] = {"errorCode": self.code, "message": self.message}
            body = {"error": {**inner, "details": self.details} if self.details else inner}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

    @property
    def xml(self) -> bytes:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<result>\n'
            f"  <errorMessage><![CDATA[{self.message}]]></errorMessage>\n"
            f"  <errorCode><![CDATA[{self.code}]]></errorCode>\n</result>"
        ).encode()


# Both platforms: what a service says of its parameters.
NO_QUERY = Refusal(400, "SE01", "Incorrect query request (잘못된 쿼리요청입니다.)")
BAD_DISPLAY = Refusal(400, "SE02", "Invalid display value (부적절한 display 값입니다.)")
BAD_START = Refusal(400, "SE03", "Invalid start value (부적절한 start 값입니다.)")
BAD_SORT = Refusal(400, "SE04", "Invalid sort value (부적절한 sort 값입니다.)")
BAD_ENCODING = Refusal(400, "SE06", "Malformed encoding (잘못된 형식의 인코딩입니다.)")
SYSTEM_ERROR = Refusal(500, "SE99", "System Error (시스템 에러)")

# Legacy.
NO_ID = Refusal(401, "024", f"Not Exist Client ID : {_AUTH}")
NO_SECRET = Refusal(401, "024", f"Not Exist Client Secret : {_AUTH}")
WRONG_KEY = Refusal(401, "024", f"NID AUTH Result Invalid (1000) : {_AUTH}")
NOT_ENABLED = Refusal(401, "024", f"Scope Status Invalid : {_AUTH}")
NO_SUCH_API = Refusal(404, "SE05", "Invalid search api (존재하지 않는 검색 api 입니다.)")
TOO_FAST = Refusal(429, "012", "Rate limit exceeded. (속도 제한을 초과했습니다.)")

# HUB's gateway. The bodies of its 429s were never seen; their shape follows the others, their codes its table.
HUB_NO_KEY = Refusal(401, "200", "Authentication Failed", "Authentication information are missing.", nested=True)
HUB_WRONG_KEY = Refusal(401, "200", "Authentication Failed", "Invalid authentication information.", nested=True)
HUB_NOT_ENABLED = Refusal(401, 401, "요청한 API는 이 Application에서 활성화되어 있지 않습니다.", nested=True)
HUB_NOT_FOUND = Refusal(404, "300", "Not Found Exception", nested=True)
HUB_TOO_FAST = Refusal(429, "420", "Rate Limited", nested=True)
HUB_QUOTA = Refusal(429, "400", "Quota Exceeded", nested=True)
HUB_ENDPOINT_ERROR = Refusal(503, "500", "Endpoint Error", nested=True)


def quota_spent(count: int, quota: int) -> Refusal:
    """Legacy's refusal of the day's call number ``count``."""
    message = f"{{count/quota={count}/{quota}}} : Query limit exceeded. (쿼리 한도를 초과했습니다.)"
    return Refusal(429, "010", message)
