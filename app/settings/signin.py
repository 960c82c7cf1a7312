"""Sign-in by an issuer elsewhere (OpenID Connect)."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from app.settings.base import HouseSettings
from app.settings.place import is_loopback

#: What a group of the issuer may stand for.
_ROLES = ("owner", "admin", "member", "viewer")


class SignInSettings(HouseSettings):
    """Who else may say who somebody is."""

    oidc_issuer: str = Field(
        "",
        description="address of the OpenID Connect issuer that people may sign in with, as it calls itself, with "
        "https:// (http:// on this machine alone); empty = passwords only",
    )
    oidc_client_id: str = Field(
        "",
        validate_default=True,
        description="what the issuer calls this house, and the audience of its tokens; needed with an issuer",
    )
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="the house's secret at the issuer; empty for a client that has none"
    )
    oidc_title: str = Field("", description="what the sign-in page calls the issuer; empty = its host")
    oidc_role: Literal["none", "viewer", "member", "admin"] = Field(
        "none", description="role of those whom the issuer knows and the house does not yet; none = they are not let in"
    )
    oidc_roles_claim: str = Field(
        "", description="claim that holds somebody's groups, as groups; empty = not looked at"
    )
    oidc_roles: str = Field(
        "", description="roles by group, the first that fits counts, as kb-admins=admin,staff=member"
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (not parts.hostname or parts.query or parts.fragment or parts.username):
            raise ValueError("an address begins with https:// and has a name, and nothing after its path")
        if url and parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise ValueError("an issuer on another machine is asked over https:// alone")
        return url

    @field_validator("oidc_client_id")
    @classmethod
    def _with_an_issuer(cls, client: str, info: ValidationInfo) -> str:
        if info.data.get("oidc_issuer") and not client:
            raise ValueError("the issuer is given, and what it calls this house is not")
        return client

    @field_validator("oidc_roles")
    @classmethod
    def _known_roles(cls, text: str) -> str:
        for group, role in _pairs(text):
            if not group or role not in _ROLES:
                raise ValueError(f"each is group=role, and roles are {', '.join(_ROLES)}")
        return text

    @property
    def oidc_roles_by_group(self) -> list[tuple[str, str]]:
        """The roles by group, in their order."""
        return _pairs(self.oidc_roles)


def _pairs(text: str) -> list[tuple[str, str]]:
    found = (part.strip().rpartition("=") for part in text.split(",") if part.strip())
    return [(group.strip(), role.strip()) for group, _, role in found]
