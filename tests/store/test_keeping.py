"""Credentials kept in the database: sealed, hinted at, changed, tried, removed; never told again."""

import json
import os
import stat
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.db.migrate import upgrade_database
from app.errors import BadCredentials, BadSetting, BadValue, InUse, NoSuchAccount, UnknownSource, WrongKey
from app.models import tables
from app.models.base import metadata
from app.services import accounts, batches, catalogue, control, halts, keeping, webhooks
from app.services.callers import OPERATOR
from app.services.house import House, open_house
from app.settings import Settings
from app.sources.http import Spec
from app.vault import Vault, new_key
from tests.stage import environment
from tests.store.working import take_lane

SECRET = "a-secret-that-nobody-may-see-0042"
GIVEN = {"client_id": "an-id", "client_secret": SECRET, "platform": "hub", "daily_quota": "900"}
SPEC = Spec("shop", "상점 상품수", "https://shop.example/api?q={keyword}", "meta.total", rate="5/s", daily_quota=100)


@pytest.fixture(autouse=True)
def own_key(house: House, settings_of: dict[str, str]) -> Iterator[None]:
    with environment({**settings_of, "KEYBATCH_ENCRYPTION_KEY": new_key()}):
        yield


@pytest.fixture
def home(house: House) -> Iterator[House]:
    """The same house, with a key."""
    with_key = open_house(Settings(database_url=house.db.url.render_as_string(hide_password=False)))
    yield with_key
    with_key.close()


def everything(home: House) -> str:
    """All that the database holds, as text."""
    with home.db.read() as connection:
        return "\n".join(
            str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))
        )


def test_a_kept_account_pays_and_shows_only_a_hint(home: House) -> None:
    keeping.put_account(home, "naver", "팀", GIVEN)

    batch = batches.submit(home, ["맥북"], ["naver.blog"]).batch
    [view] = [one for one in accounts.listing(home) if one.key == "naver/팀"]

    assert batches.get(home, batch).sources[0].account == "naver/팀"
    assert accounts.charged("naver/팀").settings.client_secret.get_secret_value() == SECRET  # type: ignore[attr-defined]
    assert view.kept is not None
    assert (view.kept.hint, view.kept.given["platform"], view.kept.checked) == ("…0042", "hub", "untried")
    assert (view.quota, view.rate) == (900, "50/s")
    assert SECRET not in everything(home)
    assert SECRET not in repr((view, accounts.charged("naver/팀")))
    [info] = [one for one in catalogue.catalogue(home) if one.name == "naver.blog"]
    assert info.ready
    assert info.accounts == ("naver/팀",)


def test_the_account_of_the_settings_goes_first_and_another_can_be_chosen(home: House) -> None:
    keys = {"KEYBATCH_NAVER_CLIENT_ID": "own", "KEYBATCH_NAVER_CLIENT_SECRET": "own-secret"}
    with environment({**environ(), **keys}):
        keeping.put_account(home, "naver", "second", GIVEN)
        first = batches.submit(home, ["맥북"], ["naver.blog"]).batch
        second = batches.submit(home, ["맥북"], ["naver.blog"], pay_with={"naver": "second"}).batch

        assert batches.get(home, first).sources[0].account == "naver/default"
        assert batches.get(home, second).sources[0].account == "naver/second"
        with pytest.raises(NoSuchAccount):
            batches.submit(home, ["맥북"], ["naver.blog"], pay_with={"naver": "third"})
        control.cancel(home, second)
        assert control.rerun(home, second).sources[0].account == "naver/second"


def environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("KEYBATCH_")}


def test_a_secret_that_is_not_given_again_stays_and_other_settings_change(home: House) -> None:
    keeping.put_account(home, "naver", "a", GIVEN)
    keeping.put_account(home, "naver", "a", {"client_id": "other", "platform": "legacy"})

    settings = accounts.charged("naver/a").settings
    assert settings.client_secret.get_secret_value() == SECRET  # type: ignore[attr-defined]
    assert (settings.client_id, settings.platform, settings.daily_quota) == ("other", "legacy", None)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("upstream", "name", "given", "wrong"),
    [
        ("naver", "default", GIVEN, "name"),
        ("naver", "a/b", GIVEN, "name"),
        ("naver", "a", {"client_id": "x"}, "client_secret"),
        ("naver", "a", {**GIVEN, "daily_quota": "many"}, "daily_quota"),
        ("naver", "a", {**GIVEN, "rate": "fast"}, "rate"),
        ("naver", "a", {**GIVEN, "platform": "moon"}, "platform"),
        ("naver", "a", {**GIVEN, "base_url": "http://elsewhere"}, "settings"),
        ("wordfreq", "a", {}, "upstream"),
        ("nobody", "a", {}, "upstream"),
    ],
)
def test_an_account_that_makes_no_sense_is_not_kept(
    home: House, upstream: str, name: str, given: dict[str, str], wrong: str
) -> None:
    with pytest.raises(BadValue) as refused:
        keeping.put_account(home, upstream, name, given)

    assert refused.value.facts["name"] == wrong
    assert SECRET not in str(refused.value)
    assert not [one for one in accounts.listing(home) if one.kept]


def test_an_account_in_use_stays_until_its_batches_have_ended(home: House) -> None:
    keeping.put_account(home, "naver", "a", GIVEN)
    batch = batches.submit(home, ["맥북"], ["naver.blog"]).batch

    with pytest.raises(InUse):
        keeping.remove_account(home, "naver/a")
    control.pause(home, batch)
    with pytest.raises(InUse):
        keeping.remove_account(home, "naver/a")
    control.cancel(home, batch)
    keeping.remove_account(home, "naver/a")

    assert accounts.named("naver/a") is None
    with pytest.raises(NoSuchAccount):
        keeping.remove_account(home, "naver/a")


def test_another_key_opens_nothing_and_says_so(home: House) -> None:
    keeping.put_account(home, "naver", "a", GIVEN)
    batch = batches.submit(home, ["맥북"], ["naver.blog"]).batch
    with environment({**environ(), "KEYBATCH_ENCRYPTION_KEY": new_key()}):
        other = open_house(Settings(database_url=home.db.url.render_as_string(hide_password=False)))
        keeping.checked(home, "naver/a", "")  # lets every process read again
        accounts.refresh(other)

        assert isinstance(accounts.broken(other)["naver/a"], WrongKey)
        with pytest.raises(WrongKey):
            batches.submit(other, ["맥북"], ["naver.blog"], pay_with={"naver": "a"})
        assert batches.get(other, batch).state == "queued"
        keeping.put_account(other, "naver", "a", GIVEN)
        assert accounts.named("naver/a") is not None, "entered anew, it works"
        other.close()


def test_sealing_anew_leaves_everything_readable_and_needs_the_old_key_no_more(home: House) -> None:
    old, new = environ()["KEYBATCH_ENCRYPTION_KEY"], new_key()
    keeping.put_account(home, "naver", "a", GIVEN)
    keeping.put_source(home, SPEC, {"X-Key": SECRET})
    url = home.db.url.render_as_string(hide_password=False)
    with environment({**environ(), "KEYBATCH_ENCRYPTION_KEY": f"{new},{old}"}):
        both = open_house(Settings(database_url=url))
        assert keeping.reseal(both) == 2
        assert keeping.reseal(both) == 0
        both.close()
    with environment({**environ(), "KEYBATCH_ENCRYPTION_KEY": new}):
        only_new = open_house(Settings(database_url=url))
        accounts.refresh(only_new)
        assert accounts.broken(only_new) == {}
        assert accounts.charged("naver/a").settings.client_secret.get_secret_value() == SECRET  # type: ignore[attr-defined]
        only_new.close()


def test_what_was_sealed_for_one_account_opens_for_no_other(home: House) -> None:
    for name in ("a", "b"):
        keeping.put_account(home, "naver", name, GIVEN)
    with home.db.work() as work:
        of_a = work.connection.execute(
            select(tables.account.c.sealed).where(tables.account.c.key == "naver/a")
        ).scalar()
        where = tables.account.c.key == "naver/b"
        work.connection.execute(tables.account.update().where(where).values(sealed=of_a, changed_at=2**40 * 2))

    assert list(accounts.broken(home)) == ["naver/b"]


def test_a_defined_source_is_a_source_with_an_account_of_its_own(home: House) -> None:
    assert keeping.put_source(home, SPEC, {"X-Key": SECRET}) == "http.shop"

    batch = batches.submit(home, ["맥북"], ["http.shop"]).batch
    [source] = batches.get(home, batch).sources
    [info] = [one for one in catalogue.catalogue(home) if one.name == "http.shop"]

    assert source.account == "http/shop"
    assert (info.ko, info.rate, info.quota, info.ready) == ("상점 상품수", "5/s", 100, True)
    assert SECRET not in everything(home)
    with pytest.raises(InUse):
        keeping.remove_source(home, "http.shop")
    control.cancel(home, batch)
    keeping.remove_source(home, "http.shop")
    with pytest.raises(UnknownSource):
        batches.submit(home, ["맥북"], ["http.shop"])
    assert batches.get(home, batch).sources[0].name == "http.shop", "what it read is kept"


def test_a_header_without_a_value_stays_as_it_was(home: House) -> None:
    keeping.put_source(home, SPEC, {"X-Key": SECRET})
    keeping.put_source(home, SPEC, {"X-Key": "", "Accept": "application/json"})

    [source] = batches.pick(["http.shop"])
    assert dict(source.source.upstream.ask("shop", ["a"], source.account).headers) == {
        "X-Key": SECRET,
        "Accept": "application/json",
    }


def test_without_a_key_nothing_is_kept_where_others_share_the_database(home: House) -> None:
    with environment({**environ(), "KEYBATCH_ENCRYPTION_KEY": ""}):
        without = open_house(Settings(database_url=home.db.url.render_as_string(hide_password=False)))
        with pytest.raises(BadSetting):
            keeping.put_account(without, "naver", "a", GIVEN)
        without.close()


def test_a_house_of_its_own_makes_its_key_for_its_owner_alone_and_can_change_it(settings_of: dict[str, str]) -> None:
    with environment({**settings_of}):
        alone = open_house(Settings())
        upgrade_database(alone.db)
        keeping.put_account(alone, "naver", "a", GIVEN)
        path = alone.settings.data_dir / "encryption.key"
        hook, secret = webhooks.create(alone, OPERATOR, "https://shop.example/hook")
        before = path.read_text()

        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert keeping.reseal(alone, new_key()) == 2
        assert path.read_text() != before
        assert "," not in path.read_text()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        accounts.refresh(alone)
        assert accounts.broken(alone) == {}
        with alone.db.read() as connection:
            sealed = connection.execute(select(tables.webhook.c.sealed)).scalar_one()
        assert webhooks.signing_keys(alone, hook["id"], sealed) == [secret]
        alone.close()


@pytest.mark.parametrize("text", ["short", "bm90LXRoaXJ0eS10d28=", "한글"])
def test_a_key_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadSetting):
        Vault.parse(text)


def test_the_stored_spec_holds_no_header(home: House) -> None:
    keeping.put_source(home, SPEC, {"X-Key": SECRET})
    with home.db.read() as connection:
        spec = json.loads(connection.execute(select(tables.defined_source.c.spec)).scalar_one())
    assert SECRET not in json.dumps(spec)


def test_who_waited_for_a_correction_goes_on_at_once(home: House) -> None:
    keeping.put_account(home, "naver", "a", GIVEN)
    batch = batches.submit(home, ["맥북"], ["naver.blog"]).batch
    account = accounts.charged("naver/a")
    halts.stop(home, account, "naver.blog", "credentials", BadCredentials("024"))
    assert take_lane(home, batch, "naver.blog", 0, 1) is None
    assert batches.get(home, batch).waiting_reason == "credentials"

    keeping.put_account(home, "naver", "a", {"client_id": "right"})

    assert batches.get(home, batch).state == "queued"
    assert take_lane(home, batch, "naver.blog", 0, 2) is not None
