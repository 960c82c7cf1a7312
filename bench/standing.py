"""A house of many machines: Postgres and Redis with TLS and passwords, webs behind a proxy, workers, schedulers, and an
upstream, each on a host of its own (`bench.hosts`)."""

import os
import pwd
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from redis.exceptions import RedisError

from app import vault
from app.db.migrate import upgrade
from app.services import tokens
from app.services.callers import OPERATOR, SCOPES
from app.services.healing import HEALED
from app.services.house import House, open_house
from app.settings import Settings
from bench.hosts import NETWORK, Hosts
from tests.simulators.naver.config import CLIENT_ID, CLIENT_SECRET
from tests.stage import until
from tests.tls import Authority, authority

WEBS, WORKERS, SCHEDULERS = ("web1", "web2"), ("worker1", "worker2", "worker3"), ("scheduler1", "scheduler2")
HOSTS = ("db", "redis", "naver", "proxy", *WEBS, *WORKERS, *SCHEDULERS)
#: Calls a second that the upstream allows, and that are made.
RATE = 60
_PASSWORD = "town-only-Passw0rd"
_POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_PROXY = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; client_max_body_size 600m;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  map $http_upgrade $kept {{ default upgrade; '' ''; }}
  upstream webs {{ {servers} keepalive 16; }}
  server {{
    listen 443 ssl; ssl_certificate {certificate}; ssl_certificate_key {key};
    location / {{
      proxy_pass http://webs; proxy_http_version 1.1; proxy_buffering off; proxy_request_buffering off;
      proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $kept;
      proxy_connect_timeout 2s; proxy_read_timeout 30s; proxy_next_upstream error timeout http_502 http_503;
      add_header X-Served-By $upstream_addr always;
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Town:
    """It runs: the hosts, the house as this process reaches it, where people go, and a token that may everything."""

    hosts: Hosts
    house: House
    url: str
    token: str
    trusted: ssl.SSLContext

    def upstream(self) -> dict[str, int]:
        """What the upstream has seen: calls, calls made twice, refusals."""
        said = httpx.get(f"http://{self.hosts['naver'].address}:9999/_sim/stats", timeout=10).json()
        return {"calls": said["calls"], "twice": said["repeated_calls"], "429": said["by_status"].get("429", 0)}

    def healed(self) -> bytes:
        """When healing was through last, as Redis says; "" while it does not answer."""
        try:
            return bytes(self.house.redis.get(HEALED) or b"")  # type: ignore[arg-type] -- the client is no async one
        except RedisError:
            return b""


def postgres_program() -> str:
    """Where Debian puts it; "" where it is not."""
    return str(_POSTGRES[0] / "postgres") if _POSTGRES else ""


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """Everything, ready to be used."""
    folder.chmod(0o755)  # Postgres runs as a user of its own
    with Hosts(folder) as hosts:
        for name in HOSTS:
            hosts.add(name)
        by = authority(folder / "ca", *(hosts[name].address for name in HOSTS))
        (folder / "ca").chmod(0o755)
        _database(hosts, by)
        _redis(hosts, by)
        _upstream(hosts)
        env = _settings(hosts, by)
        house = _opened(env, folder)
        _processes(hosts, env)
        _proxy(hosts, by)
        trusted = ssl.create_default_context(cafile=by.ca)
        url = f"https://{hosts['proxy'].address}"
        until(lambda: _answers(url, trusted), within=300, every=0.5)
        yield Town(hosts, house, url, tokens.create(house, OPERATOR, "town", SCOPES)[1], trusted)
        house.close()


def _settings(hosts: Hosts, by: Authority) -> dict[str, str]:
    database = f"postgresql://postgres:{_PASSWORD}@{hosts['db'].address}/postgres"
    return {
        "KEYBATCH_DATABASE_URL": f"{database}?sslmode=verify-full&sslrootcert={by.ca}",
        "KEYBATCH_REDIS_URL": f"rediss://town:{_PASSWORD}@{hosts['redis'].address}:6379/0?ssl_ca_certs={by.ca}",
        "KEYBATCH_ENCRYPTION_KEY": vault.new_key(),
        "KEYBATCH_PUBLIC_URL": f"https://{hosts['proxy'].address}",
        "KEYBATCH_PROXIES": f"{hosts['proxy'].address}/32",
        "KEYBATCH_API_RATE": "none",
        "KEYBATCH_LOG_FORMAT": "json",
        "KEYBATCH_NAVER_BASE_URL": f"http://{hosts['naver'].address}:9999",
        "KEYBATCH_NAVER_CLIENT_ID": CLIENT_ID,
        "KEYBATCH_NAVER_CLIENT_SECRET": CLIENT_SECRET,
        "KEYBATCH_NAVER_PLATFORM": "legacy",
        "KEYBATCH_NAVER_RATE": f"{RATE}/s",
        "KEYBATCH_NAVER_DAILY_QUOTA": "10000000",
    }


def _opened(env: dict[str, str], folder: Path) -> House:
    """The house of this process; it is a host, too."""
    os.environ.update({**env, "KEYBATCH_DATA_DIR": str(folder / "here")})
    settings = Settings()
    upgrade(settings)
    return open_house(settings)


def _database(hosts: Hosts, by: Authority) -> None:
    host, bin_ = hosts["db"], _POSTGRES[0]
    data, word, user = host.folder / "data", host.folder / "word", pwd.getpwnam("postgres")
    word.write_text(_PASSWORD)
    for name in ("certificate", "key"):
        shutil.copy(getattr(by, name), host.folder / name)
    for path in (host.folder, *host.folder.iterdir()):
        os.chown(path, user.pw_uid, user.pw_gid)
    (host.folder / "key").chmod(0o600)
    as_him = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    init = [str(bin_ / "initdb"), "-D", str(data), "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={word}", "-N"]
    subprocess.run([*as_him, *init], check=True, stdout=subprocess.DEVNULL, cwd=host.folder)
    with (data / "pg_hba.conf").open("w") as rules:
        rules.write(f"hostssl all all {NETWORK}.0/24 scram-sha-256\n")
    with (data / "postgresql.auto.conf").open("a") as conf:
        conf.write(f"ssl = on\nssl_cert_file = '{host.folder}/certificate'\nssl_key_file = '{host.folder}/key'\n")
        conf.write(f"listen_addresses = '{host.address}'\nunix_socket_directories = '{host.folder}'\n")
        conf.write("max_connections = 200\n")
    host.start("postgres", [*as_him, str(bin_ / "postgres"), "-D", str(data)], {})


def _redis(hosts: Hosts, by: Authority) -> None:
    host = hosts["redis"]
    command = ["redis-server", "--bind", host.address, "--port", "0", "--tls-port", "6379", "--tls-auth-clients", "no"]
    command += ["--tls-cert-file", str(by.certificate), "--tls-key-file", str(by.key), "--tls-ca-cert-file", str(by.ca)]
    command += ["--save", "", "--appendonly", "no", "--dir", str(host.folder), "--loglevel", "warning"]
    command += ["--user", "default", "off", "--user", "town", "on", f">{_PASSWORD}", "~*", "&*", "+@all"]
    host.start("redis", command, {})


def _upstream(hosts: Hosts) -> None:
    host = hosts["naver"]
    command = [sys.executable, "-m", "tests.simulators.naver", "--host", host.address, "--port", "9999"]
    command += ["--rate", str(RATE), "--daily-quota", "none", "--latency-ms", "30"]
    host.start("naver", command, {})


def _processes(hosts: Hosts, env: dict[str, str]) -> None:
    app = [sys.executable, "-m", "app"]
    for name in (*WEBS, *WORKERS, *SCHEDULERS):
        host = hosts[name]
        own = {**env, "KEYBATCH_DATA_DIR": str(host.folder), "KEYBATCH_HOST": host.address}
        match name[:3]:
            case "web":
                host.start("web", [*app, "web"], own)
            case "wor":
                host.start("worker", [*app, "worker", "--processes", "1"], own)
            case _:
                host.start("scheduler", [*app, "scheduler"], own)


def _proxy(hosts: Hosts, by: Authority) -> None:
    host = hosts["proxy"]
    servers = " ".join(f"server {hosts[name].address}:8000 max_fails=1 fail_timeout=3s;" for name in WEBS)
    conf = host.folder / "nginx.conf"
    conf.write_text(_PROXY.format(folder=host.folder, servers=servers, certificate=by.certificate, key=by.key))
    host.start("proxy", ["nginx", "-c", str(conf)], {})


def _answers(url: str, trusted: ssl.SSLContext) -> bool:
    try:
        return httpx.get(f"{url}/readyz", verify=trusted, timeout=5).is_success
    except httpx.TransportError:
        return False
