"""The outbox: what webhooks are told, in which order, once, and how long it is tried. On both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from unittest import mock

import orjson
import pytest
from sqlalchemy import func, select

from app import clock
from app.db.database import Database
from app.errors import BadValue, NoSuchThing
from app.models import tables
from app.services import batches, control, deliveries, keys, outbox, posting, slices, waits, webhooks
from app.services.callers import OPERATOR, Caller
from app.services.house import House
from app.services.posting import Answer
from app.services.waits import Waiting
from app.vault import Vault, new_key
from tests.store.test_control import failed
from tests.store.webhook_house import (
    BAD,
    KO,
    URL,
    WELL,
    bring,
    bring_all,
    hook,
    keyed_house,
    read,
    submitted,
)
from tests.store.working import NOW, take_lane

STATES = ("batch.completed", "batch.cancelled", "batch.waiting")


@pytest.fixture
def home(database: Database, valkey: object, settings_of: dict[str, str]) -> Iterator[House]:
    with keyed_house(database, settings_of) as house:
        yield house


def lines(house: House, webhook: int) -> list[dict]:
    """What a webhook is told, the first first."""
    return deliveries.listing(house, OPERATOR, webhook, limit=200)[0][::-1]


def seqs(parcels: list) -> list[int]:
    """The seqs of the readings that were brought."""
    bodies = [orjson.loads(parcel.body) for parcel in parcels]
    return [one["seq"] for body in bodies if body["type"] == "batch.readings" for one in body["data"]["readings"]]


def test_a_batch_that_ends_is_told_with_all_that_is_known_of_it(home: House) -> None:
    webhook = hook(home, *STATES)
    batch = submitted(home, 3)
    read(home, batch, 3)

    [parcel] = bring_all(home)

    body = orjson.loads(parcel.body)
    assert (body["type"], body["data"]["id"], body["data"]["state"]) == ("batch.completed", batch, "completed")
    assert body["data"]["counts"]["ok"] == 3
    [line] = lines(home, webhook)
    assert (line["state"], line["batch"], line["attempts"], line["due_at"]) == ("delivered", batch, 1, None)
    assert (line["tries"][0]["status"], line["id"]) == (204, parcel.message)
    assert body["timestamp"] == line["created_at"]


def test_a_cancel_is_told_and_only_to_who_listens_to_it(home: House) -> None:
    all_, completed = hook(home, *STATES), hook(home, "batch.completed")
    batch = submitted(home, 3)
    control.cancel(home, batch)
    control.cancel(home, batch)

    assert [line["event"] for line in lines(home, all_)] == ["batch.cancelled"]
    assert lines(home, completed) == []


def test_what_is_rolled_back_is_not_told(home: House) -> None:
    webhook = hook(home, *STATES)
    batch = submitted(home, 3)
    assert take_lane(home, batch, KO, 0, 1)

    with pytest.raises(ZeroDivisionError):
        _complete_and_break(home, batch)
    assert batches.get(home, batch).state == "running"
    assert lines(home, webhook) == []


def _complete_and_break(house: House, batch: int) -> None:
    with house.db.work() as work:
        outbox.batches.change(work.connection, batch, state="completed")
        outbox.tell(work.connection, batch, "completed")
        assert work.connection.execute(select(func.count()).select_from(tables.delivery)).scalar_one() == 1
        raise ZeroDivisionError


def test_telling_that_breaks_costs_no_reading(home: House) -> None:
    webhook = hook(home)
    batch = submitted(home, 3)

    with mock.patch.object(outbox.wire, "batch", side_effect=ZeroDivisionError):
        read(home, batch, 3)

    assert batches.get(home, batch).state == "completed"
    assert [line["event"] for line in lines(home, webhook)] in ([], ["batch.readings"])


def test_without_webhooks_telling_is_one_query(home: House) -> None:
    batch = submitted(home, 3)
    with home.db.work() as work, mock.patch.object(work.connection, "execute", wraps=work.connection.execute) as told:
        outbox.tell(work.connection, batch, "completed")
        assert told.call_count == 1
        outbox.tell(work.connection, batch, "queued")
        assert told.call_count == 1


def test_a_webhook_sees_batches_of_its_workspace_that_come_after_it(home: House) -> None:
    before = submitted(home, 1)
    webhook = hook(home, *STATES)
    other = submitted(home, 1)
    with home.db.work() as work:
        work.connection.execute(tables.workspace.insert().values(name="other", created_at=0))
        work.connection.execute(tables.batch.update().where(tables.batch.c.id == other).values(workspace_id=2))
    after = submitted(home, 1)
    for batch in (before, other, after):
        read(home, batch, 1)

    assert [line["batch"] for line in lines(home, webhook)] == [after]


def wait(house: House, batch: int, reason: str = "quota") -> None:
    with house.db.work() as work:
        waits.wait(work.connection, batch, KO, Waiting(reason, clock.now_ms() + 3_600_000, "quota_spent", ""))


def test_a_wait_is_told_once_a_minute_and_reason(home: House) -> None:
    webhook = hook(home, *STATES)
    batch = submitted(home, 9)
    with clock.frozen(NOW):
        for _ in range(3):
            wait(home, batch)
            waits.end(home, batch, KO)
            read(home, batch, 1)
        wait(home, batch, "upstream_down")
        wait(home, batch)
    assert [line["event"] for line in lines(home, webhook)] == ["batch.waiting"] * 2

    with clock.frozen(NOW + 61_000):
        wait(home, batch)
    told = [orjson.loads(parcel.body)["data"]["waiting"]["reason"] for parcel in bring_all(home)]
    assert told == ["quota", "upstream_down", "quota"]

    with clock.frozen(NOW + 200_000):
        wait(home, batch)
    assert len(lines(home, webhook)) == 3, "nothing was read since: it waits on, and that is known"


def test_readings_come_whole_in_order_and_before_the_end(home: House) -> None:
    webhook = hook(home)
    batch = submitted(home, 2_500)
    with clock.frozen(NOW):
        read(home, batch, 2_500)
        brought = bring_all(home)

    assert seqs(brought) == list(range(1, 2_501))
    assert [(line["event"], line["from_seq"], line["to_seq"]) for line in lines(home, webhook)] == [
        ("batch.readings", 1, 1_000),
        ("batch.readings", 1_001, 2_000),
        ("batch.readings", 2_001, 2_500),
        ("batch.completed", None, None),
    ]
    first = orjson.loads(brought[0].body)["data"]
    assert (first["batch"], first["from_seq"], first["to_seq"], first["gaps"]) == (batch, 1, 1_000, [])
    assert {"position", "keyword", "source", "status", "value", "observed_at", "seq"} <= first["readings"][0].keys()


def test_few_readings_are_told_every_few_seconds(home: House) -> None:
    webhook = hook(home, "batch.readings")
    batch = submitted(home, 90)
    read(home, batch, 10)
    start = clock.now_ms() + 10_000
    sizes = []
    for n in range(8):
        with clock.frozen(start + n * 1_000):
            if n:
                read(home, batch, 5)
            sizes.append(len(seqs(bring_all(home))))

    assert sizes == [10, 0, 0, 0, 0, 25, 0, 0]
    assert len(lines(home, webhook)) == 2


def test_a_slow_batch_needs_few_messages(home: House) -> None:
    hook(home, "batch.readings")
    batch = submitted(home, 2_000)
    start, brought = clock.now_ms() + 1_000, []
    for n in range(200):
        with clock.frozen(start + n * 6_000):
            read(home, batch, 10)
            brought += bring_all(home)

    assert seqs(brought) == list(range(1, 2_001))
    assert len(brought) <= 101


def test_readings_go_on_when_failures_are_asked_again(home: House) -> None:
    webhook = hook(home)
    batch = submitted(home, 4)
    _fail_all(home, batch)
    brought = bring_all(home)
    control.retry(home, batch)
    read(home, batch, 4)
    brought += bring_all(home)

    assert seqs(brought) == list(range(1, 9))
    assert [line["event"].partition(".")[2] for line in lines(home, webhook)] == [
        "readings", "completed", "readings", "completed",
    ]  # fmt: skip


def _fail_all(house: House, batch: int) -> None:
    lane = take_lane(house, batch, KO, 0, 1)
    assert lane is not None
    found = slices.claim(house, lane, 10)
    slices.flush(house, lane, [failed(one) for one in found], len(found))
    slices.release(house, lane, len(found), finished=True)


def test_no_reading_is_left_out_or_told_twice_however_many_gather_and_flush_at_once(home: House) -> None:
    hook(home, "batch.readings", "batch.completed")
    batch = submitted(home, 1_200)
    taken = []

    def couriers(_: int) -> None:
        while batches.get(home, batch).state != "completed":
            taken.extend(bring(home))

    def slices_(_: int) -> None:
        while batches.get(home, batch).state != "completed":
            read(home, batch, 40, piece=7)

    with mock.patch.object(outbox, "SPACE_MS", 0), ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda do: do(0), (couriers, couriers, slices_)))
        taken.extend(bring_all(home))

    assert sorted(seqs(taken)) == list(range(1, 1_201))
    assert orjson.loads(taken[-1].body)["type"] == "batch.completed"
    assert len({parcel.message for parcel in taken}) == len(taken)


def test_two_couriers_bring_each_message_once(home: House) -> None:
    for n in range(30):
        hook(home, "batch.completed", url=f"https://h{n}.example/")
    read(home, submitted(home, 1), 1)

    with ThreadPoolExecutor(4) as pool:
        brought = [parcel for found in pool.map(lambda _: bring(home), range(12)) for parcel in found]
    brought += bring_all(home)

    assert len(brought) == len({parcel.message for parcel in brought}) == 30
    assert {parcel.attempt for parcel in brought} == {1}


def test_who_dies_with_a_message_in_hand_leaves_it_to_the_next(home: House) -> None:
    webhook = hook(home, *STATES)
    read(home, submitted(home, 1), 1)
    with clock.frozen(clock.now_ms()):
        [dead] = posting.collect(home, 20, {})
        assert bring(home) == []
    with clock.frozen(clock.now_ms() + posting.LEASE_MS + 1):
        [again] = bring(home)
        posting.done(home, dead, BAD)  # it was only asleep

    assert (again.message, again.body, again.attempt) == (dead.message, dead.body, 2)
    [line] = lines(home, webhook)
    assert (line["state"], line["attempts"], len(line["tries"])) == ("delivered", 2, 1)


def test_a_message_in_vain_is_tried_for_a_day_and_then_failed(home: House) -> None:
    webhook = hook(home, *STATES)
    read(home, submitted(home, 1), 1)
    now, times = clock.now_ms(), []
    with mock.patch.object(posting.random, "random", return_value=0.0):
        while (line := lines(home, webhook)[0])["state"] == "pending":
            with clock.frozen(now):
                times.append(now)
                assert len(bring(home, BAD)) == 1
                assert bring(home, BAD) == []
            due = lines(home, webhook)[0]["due_at"]
            now = now if due is None else _ms(due)

    assert [round((b - a) / 1000) for a, b in pairwise(times)] == list(posting.AGAIN_S)
    assert (line["attempts"], line["due_at"], line["tries"][0]["detail"]) == (8, None, "no")
    assert line["done_at"] is not None


def _ms(iso: str) -> int:
    return round(clock.datetime.fromisoformat(iso).timestamp() * 1000)


def test_a_receiver_that_asks_for_time_gets_it(home: House) -> None:
    webhook = hook(home, *STATES)
    read(home, submitted(home, 1), 1)
    with clock.frozen(clock.now_ms()):
        now = clock.now_ms()
        bring(home, Answer(503, 1, "", retry_after=90.0))
    assert _ms(lines(home, webhook)[0]["due_at"]) == now + 90_000


def test_one_in_vain_holds_up_those_after_it_of_the_same_batch_only(home: House) -> None:
    webhook = hook(home)
    first, second = submitted(home, 1_100), submitted(home, 1)
    with clock.frozen(NOW + 60_000):
        read(home, first, 1_100)
        assert [parcel.message for parcel in bring(home, BAD)] == [lines(home, webhook)[0]["id"]]
        read(home, second, 1)
        assert {orjson.loads(parcel.body)["data"].get("batch") for parcel in bring(home)} == {second}
    with clock.frozen(NOW + 66_000):
        order = [parcel.message for parcel in bring_all(home)]
    about_first = [line["id"] for line in lines(home, webhook) if line["batch"] == first]
    assert [message for message in order if message in about_first] == about_first
    assert {line["state"] for line in lines(home, webhook)} == {"delivered"}


def test_a_host_gets_two_at_a_time_and_does_not_keep_others_waiting(home: House) -> None:
    for n in range(6):
        hook(home, "batch.completed", url=f"https://same.example/{n}")
    hook(home, "batch.completed", url="https://other.example/")
    read(home, submitted(home, 1), 1)

    hosts = [parcel.host for parcel in posting.collect(home, 3, {})]
    assert sorted(hosts) == ["other.example", "same.example", "same.example"]
    assert posting.collect(home, 20, {"same.example": 2}) == []
    assert len(posting.collect(home, 20, {"same.example": 1})) == 1


def test_a_receiver_that_is_gone_is_left_alone(home: House) -> None:
    webhook = hook(home, "batch.completed")
    read(home, submitted(home, 1), 1)
    read(home, submitted(home, 1), 1)
    [first, *_] = posting.collect(home, 1, {})
    posting.done(home, first, Answer(410, 1, "gone"))
    read(home, submitted(home, 1), 1)

    told = webhooks.one(home, OPERATOR, webhook)
    assert (told["active"], told["why_off"]) == (False, "gone")
    assert bring_all(home) == []
    assert [line["state"] for line in lines(home, webhook)] == ["failed", "pending"]
    with pytest.raises(BadValue):
        deliveries.resend(home, OPERATOR, first.message)
    with pytest.raises(BadValue):
        deliveries.test(home, OPERATOR, webhook)

    webhooks.change(home, OPERATOR, webhook, active=True)
    assert len(bring_all(home)) == 1


def test_readings_go_on_where_they_were_when_a_webhook_is_switched_on_again(home: House) -> None:
    webhook = hook(home, "batch.readings")
    batch = submitted(home, 30)
    read(home, batch, 10)
    brought = bring_all(home)
    webhooks.change(home, OPERATOR, webhook, active=False)
    read(home, batch, 20)
    assert bring_all(home) == []
    webhooks.change(home, OPERATOR, webhook, active=True)
    brought += bring_all(home)

    assert seqs(brought) == list(range(1, 31))
    with home.db.read() as connection:
        assert connection.execute(select(tables.follow.c.next_at)).scalars().all() == [None]


def test_a_message_can_be_sent_again_by_hand_and_keeps_its_name(home: House) -> None:
    webhook = hook(home, "batch.completed")
    read(home, submitted(home, 1), 1)
    [parcel] = bring(home)

    again = deliveries.resend(home, OPERATOR, parcel.message)
    assert (again["state"], again["id"], again["attempts"]) == ("pending", parcel.message, 1)
    [second] = bring(home)
    assert (second.message, second.body) == (parcel.message, parcel.body)
    assert [one["status"] for one in lines(home, webhook)[0]["tries"]] == [204, 204]


def test_sending_again_by_hand_moves_the_whole_line(home: House) -> None:
    hook(home)
    batch = submitted(home, 1)
    read(home, batch, 1)
    bring(home, BAD)
    last = lines(home, 1)[-1]["id"]
    deliveries.resend(home, OPERATOR, last)

    assert [orjson.loads(parcel.body)["type"] for parcel in bring_all(home)] == ["batch.readings", "batch.completed"]


def test_what_is_under_way_is_not_sent_beside_itself(home: House) -> None:
    hook(home, "batch.completed")
    read(home, submitted(home, 1), 1)
    [parcel] = posting.collect(home, 20, {})

    deliveries.resend(home, OPERATOR, parcel.message)

    assert posting.collect(home, 20, {}) == []
    posting.done(home, parcel, WELL)
    assert deliveries.one(home, OPERATOR, parcel.message)["state"] == "delivered"


def test_a_test_message_is_tried_once(home: House) -> None:
    webhook = hook(home)
    told = deliveries.test(home, OPERATOR, webhook)
    assert (told["event"], told["state"], told["batch"]) == ("webhook.test", "pending", None)

    [parcel] = bring_all(home, BAD)

    assert orjson.loads(parcel.body)["data"]["webhook"] == webhook
    assert deliveries.one(home, OPERATOR, told["id"])["state"] == "failed"


def test_another_workspace_sees_nothing(home: House) -> None:
    webhook = hook(home)
    line = deliveries.test(home, OPERATOR, webhook)["id"]
    stranger = Caller(7, OPERATOR.scopes)
    for look in (
        lambda: webhooks.one(home, stranger, webhook),
        lambda: webhooks.change(home, stranger, webhook, description="x"),
        lambda: webhooks.remove(home, stranger, webhook),
        lambda: webhooks.rotate(home, stranger, webhook),
        lambda: deliveries.test(home, stranger, webhook),
        lambda: deliveries.listing(home, stranger, webhook),
        lambda: deliveries.one(home, stranger, line),
        lambda: deliveries.resend(home, stranger, line),
    ):
        with pytest.raises(NoSuchThing):
            look()
    assert webhooks.listing(home, stranger) == []


def test_the_secret_is_sealed_and_a_new_one_signs_beside_it_for_a_day(home: House) -> None:
    made, secret = webhooks.create(home, OPERATOR, URL, ["batch.completed"])
    webhook = made["id"]
    with home.db.read() as connection:
        [row] = connection.execute(select(tables.webhook)).all()
    assert secret not in str(tuple(row))
    assert secret.removeprefix("whsec_") not in str(tuple(row))
    _, new = webhooks.rotate(home, OPERATOR, webhook)

    def signing_keys() -> list[str]:
        with home.db.read() as connection:
            return webhooks.signing_keys(
                home, webhook, connection.execute(select(tables.webhook.c.sealed)).scalar_one()
            )

    assert signing_keys() == [new, secret]
    with clock.frozen(clock.now_ms() + webhooks.OVERLAP_MS + 1_000):
        assert signing_keys() == [new]


def test_a_secret_can_be_sealed_under_another_key(home: House) -> None:
    made, secret = webhooks.create(home, OPERATOR, URL, ["batch.completed"])
    old, new = keys.vault(home.settings), Vault.parse(new_key())
    with home.db.work() as work:
        assert webhooks.reseal(work.connection, old, new) == 1
        assert webhooks.reseal(work.connection, new, new) == 0
        sealed = work.connection.execute(select(tables.webhook.c.sealed)).scalar_one()
    assert secret in new.open(sealed, f"webhook {made['id']}")


def test_a_secret_that_cannot_be_opened_is_said_and_waited_for(home: House) -> None:
    webhook = hook(home, "batch.completed")
    read(home, submitted(home, 1), 1)
    with mock.patch.object(webhooks.keys, "vault", return_value=Vault.parse(new_key())):
        [parcel] = posting.collect(home, 20, {})
    assert "KEYBATCH_ENCRYPTION_KEY" in parcel.trouble
    assert parcel.body == b""
    posting.done(home, parcel, Answer(0, 0, parcel.trouble))
    [line] = lines(home, webhook)
    assert (line["state"], line["tries"][0]["status"]) == ("pending", None)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.example/", "https://", "x", "", "https://u:p@x.example/", "https://x.example:99999/",
        "https://x.example/\r\nX-Evil: 1", "https://x.example/ a", "https://한.example/", "https://x.example:0/",
        f"https://x.example/{'a' * 2000}", "https://[::1", "https://x.example/\x00", "//x.example", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(home: House, url: str) -> None:
    with pytest.raises(BadValue):
        webhooks.create(home, OPERATOR, url)
    made, _ = webhooks.create(home, OPERATOR, URL)
    with pytest.raises(BadValue):
        webhooks.change(home, OPERATOR, made["id"], url=url)


def test_a_description_is_one_line(home: House) -> None:
    made, _ = webhooks.create(home, OPERATOR, URL, description="팀\r\nX-Evil: 1\x00\x1b[31m  알림")
    assert made["description"] == "팀 X-Evil: 1 [31m 알림"


def test_events_are_known_ones(home: House) -> None:
    made, _ = webhooks.create(home, OPERATOR, URL)
    assert made["events"] == ["batch.completed", "batch.cancelled", "batch.waiting"]
    for events in (["batch.exploded"], []):
        with pytest.raises(BadValue):
            webhooks.create(home, OPERATOR, URL, events)
        with pytest.raises(BadValue):
            webhooks.change(home, OPERATOR, made["id"], events_=events)


def test_what_is_done_with_is_forgotten_after_a_month(home: House) -> None:
    webhook = hook(home, "batch.completed")
    read(home, submitted(home, 1), 1)
    bring_all(home)
    read(home, submitted(home, 1), 1)
    assert posting.clean(home) == 0
    with clock.frozen(clock.now_ms() + posting.KEEP_MS + 1_000):
        assert posting.clean(home) == 1
        assert posting.clean(home) == 0
    assert [line["state"] for line in lines(home, webhook)] == ["pending"]


def test_pages_of_the_log_follow_each_other(home: House) -> None:
    webhook = hook(home)
    ids = [deliveries.test(home, OPERATOR, webhook)["id"] for _ in range(5)]
    seen, before = [], None
    while True:
        page, before = deliveries.listing(home, OPERATOR, webhook, before=before, limit=2)
        seen += [line["id"] for line in page]
        if before is None:
            break
    assert seen == ids[::-1]
    assert deliveries.listing(home, OPERATOR, webhook, state="failed") == ([], None)


def test_a_webhook_that_is_removed_takes_its_messages_along(home: House) -> None:
    webhook = hook(home)
    batch = submitted(home, 2)
    read(home, batch, 1)
    webhooks.remove(home, OPERATOR, webhook)
    read(home, batch, 1)
    with home.db.read() as connection:
        for table in (tables.webhook, tables.delivery, tables.follow):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
