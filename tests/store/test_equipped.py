"""A key that is on a worker's host alone: whoever takes batches hears of it."""

import pytest

from app.errors import MissingCredentials
from app.services import accounts, batches, catalogue, equipped, hosts
from app.services.house import House
from app.services.vigil import Vigil

CREDENTIALS = {"KEYBATCH_NAVER_CLIENT_ID": "an-id", "KEYBATCH_NAVER_CLIENT_SECRET": "a-secret"}


def ready(house: House) -> bool:
    return next(one.ready for one in catalogue.catalogue(house) if one.name == "naver.blog")


def test_a_batch_is_taken_for_a_key_that_only_a_worker_has(house: House, monkeypatch: pytest.MonkeyPatch):
    for name in CREDENTIALS:
        monkeypatch.delenv(name, raising=False)
    accounts.forget()
    assert not ready(house)
    with pytest.raises(MissingCredentials):
        batches.submit(house, ["맥북"], ["naver.blog"])

    with monkeypatch.context() as there:
        for name, value in CREDENTIALS.items():
            there.setenv(name, value)
        accounts.forget()
        worker = Vigil(house, "workers", ["naver", "kakao", "wordfreq"])
        worker.look()
    accounts.forget()
    [told] = hosts.processes(house.redis.hgetall(hosts.KEY), 0)
    assert told.keyed == ("naver",), "and no key itself"

    web = Vigil(house, "web")
    web.look()
    assert ready(house)
    batches.submit(house, ["맥북"], ["naver.blog"])
    worker.close()
    equipped.look(house)
    assert not ready(house)
    web.close()
    accounts.forget()
