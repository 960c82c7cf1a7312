"""Redis and Postgres over TLS, with passwords that are told to nobody."""

import traceback
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from sqlalchemy import make_url

from app.api.dashboard import build_dashboard
from app.db.migrate import upgrade
from app.errors import BadSetting, DatabaseDown, KeybatchError, RedisDown, TooFast
from app.services import announced, batches, throttle
from app.services.callers import OPERATOR
from app.services.house import open_house, open_redis, require, require_redis
from app.settings import Settings
from tests.conftest import new_database
from tests.tls import Authority, Front, authority

#: As a generator of passwords makes them; an address has it in percent.
PASSWORD = "p@ss:w/rd#?%é"
SECRET = quote(PASSWORD, safe="")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("town"), "localhost")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("stranger"), "localhost")


@pytest.fixture
def redis_at(valkey_url: str, town: Authority) -> Iterator[str]:
    """Where Redis is over TLS, for a user with a password, without what is said of TLS."""
    with redis.Redis.from_url(valkey_url) as plain:
        plain.acl_setuser(
            "town", enabled=True, passwords=[f"+{PASSWORD}"], categories=["+@all"], keys=["*"], channels=["*"]
        )
        with Front(town, Path(valkey_url.removeprefix("unix://"))) as front:
            yield f"rediss://town:{SECRET}@localhost:{front.port}/0"
        plain.acl_deluser("town")


@pytest.fixture
def postgres_at(postgres: str, town: Authority) -> Iterator[str]:
    """Where an empty Postgres is over TLS, likewise."""
    with new_database(postgres) as plain:
        url = make_url(plain)
        with Front(town, Path(str(url.query["host"])) / ".s.PGSQL.5432", asked=True) as front:
            yield f"postgresql://{url.username}:{SECRET}@localhost:{front.port}/{url.database}"


def settings(folder: Path, redis_url: str, database_url: str = "") -> Settings:
    return Settings.read(data_dir=folder, redis_url=redis_url, database_url=database_url)


def told(error: KeybatchError) -> str:
    """Whatever a log or a person could get to see of it."""
    return "".join([error.sentence("en"), error.sentence("ko"), *traceback.format_exception(error)])


def keeps_quiet(text: str) -> None:
    for part in (PASSWORD, SECRET, "ss:w", "w/rd", "ss%3Aw"):
        assert part not in text


def test_a_house_stands_on_both_of_them(tmp_path: Path, town: Authority, redis_at: str, postgres_at: str):
    given = settings(
        tmp_path, f"{redis_at}?ssl_ca_certs={town.ca}", f"{postgres_at}?sslmode=verify-full&sslrootcert={town.ca}"
    )
    upgrade(given)
    house = open_house(given)
    require(house)
    made = batches.submit(house, ["맥북"], ["wordfreq.ko"])
    assert batches.get(house, made.batch).lookups == 1
    for _ in range(10):
        throttle.sign_in(house, "지민", "203.0.113.9")
    with pytest.raises(TooFast):
        throttle.sign_in(house, "지민", "203.0.113.9")
    with open_redis(given, None) as patient:
        assert patient.ping()
    queues = build_dashboard(house).test_client()
    admin = {announced.HEADER: announced.written(OPERATOR)}
    for path in ("/", "/0/view/workers", "/0/data/queues.json", "/0/view/jobs"):
        page = queues.get(path, headers=admin)
        assert page.status_code == 200, path
        keeps_quiet(page.get_data(as_text=True))
    keeps_quiet(house.db.where)
    house.close()


@pytest.mark.parametrize("said", ["?ssl_ca_certs={stranger}", "", "?ssl_ca_certs=/nowhere/ca.pem"])
def test_a_redis_that_nobody_vouches_for_is_not_believed(tmp_path: Path, stranger: Authority, redis_at: str, said: str):
    house = open_house(settings(tmp_path, redis_at + said.format(stranger=stranger.ca)))
    with pytest.raises(RedisDown) as refused:
        require_redis(house)
    keeps_quiet(told(refused.value))
    house.close()


@pytest.mark.parametrize(
    "said", ["sslrootcert={stranger}", "sslrootcert=/nowhere/ca.pem", "sslrootcert={town}&host=127.0.0.1"]
)
def test_a_postgres_that_nobody_vouches_for_is_not_believed(
    tmp_path: Path, town: Authority, stranger: Authority, postgres_at: str, said: str
):
    query = said.format(stranger=stranger.ca, town=town.ca)
    house = open_house(settings(tmp_path, "", f"{postgres_at}?sslmode=verify-full&{query}"))
    with pytest.raises(DatabaseDown) as refused, house.db.read():
        pass
    keeps_quiet(told(refused.value))
    house.close()


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("redis_url", f"rediss://town:{PASSWORD}@localhost/0"),
        ("redis_url", f"rediss://town:{SECRET}@localhost/0?ssl_ca_cert=typo"),
        ("redis_url", f"redis://town:{SECRET}@localhost:port/0"),
        ("database_url", f"postgresql://town:{PASSWORD}@localhost:5432/kb"),
        ("database_url", f"postgresql://town:{SECRET}@localhost/kb?sslmod=typo"),
        ("database_url", f"postgresql://town:{SECRET}@localhost:port/kb"),
    ],
)
def test_an_address_that_makes_no_sense_is_named_and_not_quoted(tmp_path: Path, name: str, url: str):
    with pytest.raises(BadSetting) as refused:
        open_house(Settings.read(data_dir=tmp_path, **{name: url}))
    assert f"KEYBATCH_{name.upper()}" in refused.value.sentence("en")
    keeps_quiet(told(refused.value))


def test_a_password_that_is_an_option_is_told_to_nobody(tmp_path: Path):
    url = f"postgresql://localhost:1/kb?user=town&password={SECRET}"
    house = open_house(settings(tmp_path, f"redis://localhost:1/0?password={SECRET}", url))
    for ask in (require_redis, require):
        with pytest.raises(KeybatchError) as refused:
            ask(house)
        keeps_quiet(told(refused.value))
    house.close()
