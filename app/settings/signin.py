"""Sign-in by an issuer elsewhere (OpenID Connect)."""

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from app.settings.base import HouseSettings


class SignInSettings(HouseSettings):
    """Who else may say who somebody is."""

    oidc_issuer: str = Field(
        "", description="address of the OpenID Connect issuer that people may sign in with; empty = passwords only"
    )
    oidc_client_id: str = Field("", description="what the issuer calls this house; also the audience of its tokens")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="the house's secret at the issuer")
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
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("an address begins with http:// or https://")
        return url
