"""What of the house can be seen from outside: logs, metrics, traces."""

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from app.settings.base import HouseSettings


class SeeingSettings(HouseSettings):
    """How the house tells of itself."""

    log_format: Literal["auto", "text", "json"] = Field("auto", description="auto = text on a terminal, JSON otherwise")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level that is logged")
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="what Prometheus shows at /metrics as a bearer token; empty = a token with scope admin is needed",
    )
    traces_url: str = Field(
        "",
        description="where traces go, an OTLP/HTTP address as http://127.0.0.1:4318/v1/traces; empty = none are made",
    )

    @field_validator("traces_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("an address begins with http:// or https://")
        return url
