"""Every setting of the house, described once and validated at start.

Read from the environment or ``.env`` (the environment wins), prefix ``KEYBATCH_``; any of them may also be given
as ``<NAME>_FILE``, a path whose content is the value. Upstreams read theirs through `UpstreamSettings`.
"""

import hashlib
import os
from functools import lru_cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from app.errors import BadSetting

PREFIX = "KEYBATCH_"


def _as_header(value: object) -> object:
    """Without the blanks around it that pasting leaves; what then fits no header is refused."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    if not isinstance(text, str):
        return value
    text = text.strip()
    if not all("!" <= letter <= "~" for letter in text):
        raise ValueError("it holds a character that no key has")
    return text


#: What goes into a header of each call, as upstreams want their keys: open and secret.
HeaderText = Annotated[str, BeforeValidator(_as_header)]
HeaderSecret = Annotated[SecretStr, BeforeValidator(_as_header)]


class _FromFiles(EnvSettingsSource):
    """``KEYBATCH_X_FILE=/run/secrets/x`` gives X the content of that file."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        name = f"{self.env_prefix}{field_name}_file".lower()
        path = self.env_vars.get(name)
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as exc:
            raise BadSetting(name=name.upper(), why=f"{path} cannot be read ({exc}). Point it at a text file.") from exc


class HouseSettings(BaseSettings):
    """What all settings classes share: where values come from and how a bad one is said."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        sources: list[PydanticBaseSettingsSource] = [init_settings, env_settings, _FromFiles(settings_cls)]
        if isinstance(dotenv_settings, DotEnvSettingsSource):
            sources.append(dotenv_settings)
        return tuple(sources)

    @classmethod
    def read(cls, **given: Any) -> Self:
        """The settings as they stand now, with those ``given`` before them. Raises BadSetting naming the first wrong
        one and what it takes."""
        prefix = cls.model_config.get("env_prefix", "")
        try:
            return cls(**given)
        except ValidationError as exc:
            first = exc.errors()[0]
            name = f"{prefix}{first['loc'][0]}".upper() if first["loc"] else prefix
            description = cls.model_fields[str(first["loc"][0])].description if first["loc"] else ""
            raise BadSetting(name=name, why=f"{first['msg']}. It takes: {description}") from None

    @classmethod
    def described(cls) -> dict[str, str]:
        """Name → description of each setting, for the docs and ``doctor``."""
        prefix = cls.model_config.get("env_prefix", "")
        return {f"{prefix}{name}".upper(): field.description or "" for name, field in cls.model_fields.items()}


class Settings(HouseSettings):
    """The house's own settings."""

    host: str = Field("127.0.0.1", description="address to listen on; loopback only, as nothing here speaks TLS")
    port: int = Field(8000, ge=1, le=65535, description="port of the page, the API and /rq")
    public_url: str = Field(
        "",
        description="the address that people use, if not http://HOST:PORT; with https the cookies of a sign-in are for "
        "https alone",
    )
    data_dir: Path = Field(Path("data"), description="folder of the embedded database, Valkey and its log")
    database_url: str = Field("", description="postgresql://… or sqlite:///…; empty = SQLite in DATA_DIR")
    redis_url: str = Field("", description="redis://… or unix://…; empty = an embedded Valkey in DATA_DIR")
    encryption_key: SecretStr = Field(
        SecretStr(""),
        description="seals stored credentials; 32 bytes in base64, several separated by commas (the first seals); "
        "empty = one is made in DATA_DIR, where the database is there too",
    )
    webhooks_allow: str = Field(
        "",
        description="networks that webhooks may reach although they are private, as 10.0.0.0/8,127.0.0.1; empty = "
        "public addresses only",
    )
    workers: int = Field(4, ge=1, le=256, description="worker processes on this machine")
    api_rate: str = Field(
        "1000/minute",
        pattern=r"^(none|[1-9]\d{0,8}/(second|minute|hour|day))$",
        description="requests to the API by each token and each session, as 20/second or 1000/minute; none = no limit",
    )
    older_sources: str = Field(
        "naver.blog,naver.cafe,naver.news,naver.web",
        description="sources that clients of the older batch guide (/api/documents) ask, as naver.blog,naver.cafe",
    )
    older_clients: Literal["token", "open"] = Field(
        "token", description="token = they need one as everyone does, open = taken without one too, for workspace main"
    )
    log_format: Literal["auto", "text", "json"] = Field("auto", description="auto = text on a terminal, JSON otherwise")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level that is logged")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and not url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://", "sqlite:///")):
            raise ValueError("no such kind of database")
        return url

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, url: str) -> str:
        if url and not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("no such kind of address")
        return url

    @field_validator("webhooks_allow")
    @classmethod
    def _networks(cls, text: str) -> str:
        for part in text.split(","):
            if part.strip():
                ip_network(part.strip())
        return text

    @property
    def database(self) -> str:
        """The database's URL for SQLAlchemy; Settings: database_url, data_dir."""
        url = self.database_url or f"sqlite:///{self.data_dir.absolute() / 'keybatch.db'}"
        for scheme in ("postgresql://", "postgres://"):
            if url.startswith(scheme):
                return "postgresql+psycopg://" + url.removeprefix(scheme)
        return url

    @property
    def redis(self) -> str:
        """Redis' URL; the embedded one listens on a socket that only its owner may open."""
        return self.redis_url or f"unix://{self.valkey_socket}"

    @property
    def valkey_socket(self) -> Path:
        """Where the embedded Valkey listens. Sockets' paths are limited to about 100 bytes, so a deep data folder
        moves it to the runtime folder of this user."""
        path = self.data_dir.absolute() / "valkey.sock"
        if len(os.fsencode(path)) < 100:
            return path
        short = hashlib.blake2b(os.fsencode(path), digest_size=6).hexdigest()
        return Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp") / f"keybatch-{os.getuid()}-{short}" / "valkey.sock"  # noqa: S108 -- made 0700 by its maker

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the page."""
        return is_loopback(self.host)


class UpstreamSettings(HouseSettings):
    """What each upstream may be told; a source file extends it with its credentials."""

    base_url: str = Field("", description="address of the upstream, if not its public one")
    rate: str = Field("", description="calls per time, as 10/s or 200/min, or none; empty = what the upstream allows")
    daily_quota: int | None = Field(None, ge=1, description="calls a calendar day; empty = what the upstream allows")
    monthly_quota: int | None = Field(None, ge=1, description="calls a calendar month; empty = what it allows")
    reserve: int = Field(0, ge=0, description="calls of each day that only batches of high priority may use")
    zone: str = Field("", description="time zone whose midnight renews the quota, as Asia/Seoul; empty = its own")
    visible_to: Literal["everyone", "nobody"] = Field(
        "everyone", description="who may see and export what it says: everyone, or nobody while its terms are settled"
    )
    concurrency: int | None = Field(None, ge=1, le=1000, description="calls under way at once, over all processes")

    @field_validator("zone")
    @classmethod
    def _a_zone(cls, zone: str) -> str:
        if zone and zone not in available_timezones():
            raise ValueError("no such time zone")
        return zone

    @field_validator("base_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("an address begins with http:// or https://")
        return url


def is_loopback(host: str) -> bool:
    """Whether ``host`` is a name or address of this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The house's settings, read once a process. Raises BadSetting."""
    return Settings.read()
