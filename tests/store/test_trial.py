"""One call by hand: it tells what came out, is paid for, and reaches no private address that was not allowed."""

import asyncio
from collections.abc import Iterator

import pytest

from app.errors import BadCredentials, QuotaSpent, Unreachable
from app.services import accounts, batches, keeping
from app.services.house import House, open_house
from app.settings import Settings
from app.sources import registry
from app.sources.http import Spec
from app.vault import new_key
from tests.simulators.naver.simulator import NaverSimulator
from tests.simulators.naver.totals import expected_total
from tests.stage import environment
from workers.engine import trial


@pytest.fixture
def sim() -> Iterator[NaverSimulator]:
    with NaverSimulator(rate=None) as running:
        yield running


def home(house: House, sim: NaverSimulator, settings_of: dict[str, str], **more: str) -> Iterator[House]:
    values = {**settings_of, "KEYBATCH_ENCRYPTION_KEY": new_key(), "KEYBATCH_NAVER_BASE_URL": sim.base_url, **more}
    with environment(values):
        opened = open_house(Settings(database_url=house.db.url.render_as_string(hide_password=False)))
        yield opened
        opened.close()


@pytest.fixture
def here(house: House, sim: NaverSimulator, settings_of: dict[str, str]) -> Iterator[House]:
    yield from home(house, sim, settings_of)


@pytest.fixture
def allowed(house: House, sim: NaverSimulator, settings_of: dict[str, str]) -> Iterator[House]:
    yield from home(house, sim, settings_of, KEYBATCH_HTTP_ALLOW="127.0.0.1")


def attempt(house: House, source: str, key: str, keyword: str = "") -> trial.Trial:
    return asyncio.run(trial.attempt(house, registry.get(source), accounts.charged(key), keyword))


def spent(house: House, key: str) -> int:
    [view] = [one for one in accounts.listing(house) if one.key == key]
    return view.spent_today


def test_good_credentials_read_and_the_call_is_counted(here: House, sim: NaverSimulator) -> None:
    given = {"client_id": sim.client_id, "client_secret": sim.client_secret}
    keeping.put_account(here, "naver", "a", given)

    told = attempt(here, "naver.blog", "naver/a", "맥북")

    assert told.error is None
    assert told.reading is not None
    assert told.reading.value == expected_total("blog", "맥북")
    assert spent(here, "naver/a") == 1


def test_wrong_credentials_are_told_as_such(here: House, sim: NaverSimulator) -> None:
    keeping.put_account(here, "naver", "a", {"client_id": "x", "client_secret": "swapped"})

    assert isinstance(attempt(here, "naver.blog", "naver/a").error, BadCredentials)


def test_a_spent_quota_costs_no_call(here: House, sim: NaverSimulator) -> None:
    given = {"client_id": sim.client_id, "client_secret": sim.client_secret, "daily_quota": "1"}
    keeping.put_account(here, "naver", "a", given)

    assert attempt(here, "naver.blog", "naver/a").error is None
    assert isinstance(attempt(here, "naver.blog", "naver/a").error, QuotaSpent)
    assert sim.stats()["calls"] == 1


def spec(sim: NaverSimulator, host: str = "127.0.0.1") -> Spec:
    return Spec(
        "own", "내 소스", f"http://{host}:{sim.port}/v1/search/blog.json?query={{keyword}}", "total", rate="none"
    )


def test_a_defined_source_reads_from_an_address_that_is_allowed(allowed: House, sim: NaverSimulator) -> None:
    headers = {"X-Naver-Client-Id": sim.client_id, "X-Naver-Client-Secret": sim.client_secret}
    keeping.put_source(allowed, spec(sim), headers)

    told = attempt(allowed, "http.own", "http/own", "맥북")

    assert told.reading is not None
    assert told.reading.value == expected_total("blog", "맥북")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "127.1"])
def test_a_defined_source_reaches_no_private_address_however_it_is_written(
    here: House, sim: NaverSimulator, host: str
) -> None:
    keeping.put_source(here, spec(sim, host), {})

    told = attempt(here, "http.own", "http/own", "맥북")

    assert isinstance(told.error, Unreachable)
    assert sim.stats()["calls"] == 0


def test_an_offline_source_answers_at_once(here: House) -> None:
    told = attempt(here, "wordfreq.ko", "wordfreq/default", "사랑")

    assert told.reading is not None
    assert told.reading.state == "ok"


def test_a_trial_makes_no_batch(here: House, sim: NaverSimulator) -> None:
    attempt(here, "wordfreq.ko", "wordfreq/default", "사랑")

    assert batches.listing(here) == []
