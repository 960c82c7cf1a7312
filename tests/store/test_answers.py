"""A submit with a key is made once, however often and however close together it comes; on both databases."""

import threading

import pytest

from app import clock
from app.errors import EmptyInput, KeyReused
from app.services import answers, batches
from app.services.answers import KEPT_MS, AlreadySaid, Once
from app.services.house import House

KEYWORDS = [f"키워드 {n}" for n in range(300)]
ONCE = Once(1, "key-1", "fingerprint")


def submit(house: House, once: Once | None = ONCE) -> int:
    return batches.submit(house, KEYWORDS, ["wordfreq.ko"], once=once).batch


def test_the_answer_is_kept_with_the_batch(house: House):
    assert answers.earlier(house, ONCE) is None

    batch = submit(house)

    said = answers.earlier(house, ONCE)
    assert said is not None
    assert f'"id":{batch},' in said
    with pytest.raises(AlreadySaid):
        submit(house)
    assert len(batches.listing(house)) == 1


def test_another_request_with_the_key_is_refused_and_another_workspace_has_its_own_keys(house: House):
    submit(house)

    with pytest.raises(KeyReused):
        answers.earlier(house, Once(1, "key-1", "other"))
    assert answers.earlier(house, Once(2, "key-1", "other")) is None


def test_a_refused_submit_does_not_take_the_key(house: House):
    with pytest.raises(EmptyInput):
        batches.submit(house, [""], ["wordfreq.ko"], once=ONCE)

    assert submit(house)


def test_after_a_day_the_key_is_free_again(house: House):
    now = clock.now_ms()
    first = submit(house)
    with clock.starting(now + KEPT_MS + 1000):
        assert answers.earlier(house, ONCE) is None
        second = submit(house)

    assert second != first


def test_many_at_the_same_instant_make_one_batch(house: House):
    made, late = [], []
    together = threading.Barrier(8)

    def run() -> None:
        together.wait()
        try:
            made.append(submit(house))
        except AlreadySaid:
            late.append(answers.earlier(house, ONCE))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 1
    assert len(late) == 7
    assert len(set(late)) == 1
    assert f'"id":{made[0]},' in late[0]
    assert [batch.id for batch in batches.listing(house)] == made
