"""Where the house stands: addresses, folders, database, Redis, workers."""

import hashlib
import os
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from app.settings.base import HouseSettings


class PlaceSettings(HouseSettings):
    """Where the house stands, and who comes in how often."""

    host: str = Field(
        "127.0.0.1",
        description="address to listen on; one that other machines reach only with PUBLIC_URL and ENCRYPTION_KEY, as "
        "nothing here speaks TLS and a proxy has to",
    )
    port: int = Field(8000, ge=1, le=65535, description="port of the page, the API and /rq")
    public_url: str = Field(
        "",
        description="the address that people use, if not http://HOST:PORT; with https the cookies of a sign-in are for "
        "https alone",
    )
    proxies: str = Field(
        "",
        description="networks of the reverse proxies that are believed when they say who asks (X-Forwarded-For), as "
        "127.0.0.1,10.0.0.0/8; empty = nobody",
    )
    data_dir: Path = Field(Path("data"), description="folder of the embedded database, Valkey and its log")
    database_url: str = Field("", description="postgresql://… or sqlite:///…; empty = SQLite in DATA_DIR")
    redis_url: str = Field("", description="redis://… or unix://…; empty = an embedded Valkey in DATA_DIR")
    wait_s: int = Field(
        30, ge=0, le=3600, description="seconds that a process waits at its start for database and Redis to answer"
    )
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

    @field_validator("public_url")
    @classmethod
    def _a_whole_host(cls, url: str) -> str:
        """As browsers write it: in lower case, without the port that goes without saying."""
        if not url:
            return url
        parts = urlsplit(url.lower())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("an address begins with http:// or https://")
        if parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError("only a scheme, a name and perhaps a port are looked at; the pages are at the root")
        usual = {"http": 80, "https": 443}[parts.scheme]
        name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return f"{parts.scheme}://{name}" + (f":{parts.port}" if parts.port not in (None, usual) else "")

    @field_validator("webhooks_allow", "proxies")
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


def is_loopback(host: str) -> bool:
    """Whether ``host`` is a name or address of this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
