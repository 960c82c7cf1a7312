"""The courier: what arrives at a receiver over real connections, and what never leaves."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from unittest import mock

import pytest

from app import clock
from app.db.database import Database
from app.errors import DatabaseDown
from app.services import deliveries, posting, webhooks
from app.services.callers import OPERATOR
from app.services.house import House
from app.services.posting import Answer, Parcel
from app.settings import Settings
from tests.simulators.receiver import Receiver
from tests.stage import until
from tests.store.webhook_house import EVERYTHING, keyed_house, read, submitted
from workers import courier

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LOCAL = Settings(webhooks_allow="127.0.0.1")
PUBLIC = Settings(webhooks_allow="")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture
def home(database: Database, valkey: object, settings_of: dict[str, str], receiver: Receiver) -> Iterator[House]:
    with keyed_house(database, settings_of, **receiver.env()) as house:
        yield house


def listening(house: House, receiver: Receiver, *events: str, path: str = "/hook") -> int:
    made, secret = webhooks.create(house, OPERATOR, f"{receiver.base_url}{path}", events or EVERYTHING)
    receiver.secrets.append(secret)
    return int(made["id"])


def states(house: House, webhook: int) -> list[str]:
    return [line["state"] for line in deliveries.listing(house, OPERATOR, webhook, limit=200)[0]]


def tried(url: str, settings: Settings = LOCAL) -> Answer:
    """One try at an address."""

    async def once() -> Answer:
        async with courier.connect(settings) as session:
            return await courier.attempt(session, Parcel(1, 1, 1, "msg_1", url, b'{"type":"t","data":{}}', [SECRET]))

    return asyncio.run(once())


def test_what_happens_to_a_batch_arrives_signed_in_order_and_once(home: House, receiver: Receiver) -> None:
    webhook = listening(home, receiver)
    with courier.brings(home):
        batch = submitted(home, 40)
        read(home, batch, 10)
        until(lambda: receiver.taken)
        read(home, batch, 30)
        until(lambda: receiver.taken[-1].type == "batch.completed")
        until(lambda: set(states(home, webhook)) == {"delivered"})

    assert [one["seq"] for got in receiver.taken[:-1] for one in got.data["readings"]] == list(range(1, 41))
    assert receiver.taken[-1].data["counts"]["ok"] == 40
    assert all(got.signed for got in receiver.got)
    assert receiver.stats()["repeated"] == 0
    first = receiver.got[0].headers
    assert (first["content-type"], first["user-agent"]) == ("application/json", "Keybatch")


def test_a_message_that_was_refused_comes_again_with_the_same_name_and_body(home: House, receiver: Receiver) -> None:
    webhook = listening(home, receiver, "batch.completed")
    receiver.configure(status=503, body="not now")
    with mock.patch.object(posting, "AGAIN_S", (0.1, 0.1, 0.1, 3_600)), courier.brings(home):
        read(home, submitted(home, 1), 1)
        until(lambda: len(receiver.got) == 2)
        receiver.configure(status=204)
        until(lambda: receiver.taken)
        until(lambda: states(home, webhook) == ["delivered"])

    assert len({(got.id, got.body) for got in receiver.got}) == 1
    [line] = deliveries.listing(home, OPERATOR, webhook)[0]
    assert [(one["status"], one["detail"]) for one in line["tries"]] == [(503, "not now"), (503, "not now"), (204, "")]


def test_after_a_change_of_the_secret_both_sign(home: House, receiver: Receiver) -> None:
    webhook = listening(home, receiver)
    receiver.secrets.append(webhooks.rotate(home, OPERATOR, webhook)[1])
    with courier.brings(home):
        deliveries.test(home, OPERATOR, webhook)
        until(lambda: receiver.taken)

    assert list(receiver.taken[0].signed) == receiver.secrets


def test_several_couriers_bring_each_message_once_and_two_at_a_time(home: House, receiver: Receiver) -> None:
    hooks = [listening(home, receiver, "batch.completed", path=f"/{n}") for n in range(12)]
    receiver.configure(latency_ms=20)
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(courier.brings(home))
        read(home, submitted(home, 1), 1)
        until(lambda: all(states(home, hook) == ["delivered"] for hook in hooks))

    assert sorted(got.path for got in receiver.got) == sorted(f"/{n}" for n in range(12))
    assert receiver.most_in_flight <= 2 * posting.PER_HOST


def test_one_courier_leaves_a_host_to_breathe(home: House, receiver: Receiver) -> None:
    hooks = [listening(home, receiver, "batch.completed", path=f"/{n}") for n in range(8)]
    receiver.configure(latency_ms=20)
    with courier.brings(home):
        read(home, submitted(home, 1), 1)
        until(lambda: all(states(home, hook) == ["delivered"] for hook in hooks))

    assert receiver.most_in_flight <= posting.PER_HOST


def test_a_courier_outlives_the_absence_of_the_database(home: House, receiver: Receiver) -> None:
    webhook = listening(home, receiver)
    deliveries.test(home, OPERATOR, webhook)
    away = [DatabaseDown(where="there", why="gone."), ZeroDivisionError()]
    collect = posting.collect

    def sometimes(*args: object) -> list[Parcel]:
        if away:
            raise away.pop()
        return collect(*args)  # type: ignore[arg-type]

    with mock.patch.object(posting, "collect", sometimes), courier.brings(home):
        until(lambda: receiver.taken)
    assert away == []


def test_a_receiver_that_says_gone_is_not_asked_again(home: House, receiver: Receiver) -> None:
    webhook = listening(home, receiver, "batch.completed")
    receiver.configure(status=410)
    with courier.brings(home):
        read(home, submitted(home, 1), 1)
        until(lambda: states(home, webhook) == ["failed"])
    assert webhooks.one(home, OPERATOR, webhook)["why_off"] == "gone"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[2002:7f00:1::]",
        "0.0.0.0",
        "2130706433",
        "0x7f.1",
        "10.0.0.1",
        "169.254.169.254",
        "[fe80::1]",
        "[fd00::1]",
        "224.0.0.1",
    ],
)
def test_a_private_address_is_never_connected_to(receiver: Receiver, host: str) -> None:
    answer = tried(f"http://{host}:{receiver.port}/", PUBLIC)

    assert answer.status == 0
    assert not answer.well
    assert receiver.calls == 0


def test_the_log_says_who_can_allow_it(receiver: Receiver) -> None:
    assert "KEYBATCH_WEBHOOKS_ALLOW" in tried(receiver.base_url, PUBLIC).detail
    assert tried(receiver.base_url, LOCAL).status == 204


def test_a_name_is_judged_by_the_address_that_it_has_when_connecting(receiver: Receiver) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", receiver.port))]
    with mock.patch("asyncio.base_events.socket.getaddrinfo", return_value=found):
        answer = tried(f"http://looks-public.example:{receiver.port}/", PUBLIC)
        assert "127.0.0.1 is not a public address" in answer.detail
        assert receiver.calls == 0
        assert tried(f"http://looks-public.example:{receiver.port}/", LOCAL).status == 204


def test_a_redirect_leads_nowhere(receiver: Receiver) -> None:
    with Receiver() as inner:
        receiver.configure(status=307, headers={"Location": f"{inner.base_url}/inner"})
        answer = tried(receiver.base_url)
        assert (answer.status, answer.well, inner.calls) == (307, False, 0)


def test_only_the_beginning_of_an_answer_is_kept_and_none_of_its_headers(receiver: Receiver) -> None:
    receiver.configure(status=200, body="나" * 5_000, headers={"X-Private": "hush"})
    answer = tried(receiver.base_url)

    assert 0 < len(answer.detail.encode()) <= courier.EXCERPT + 3
    assert "hush" not in answer.detail
    receiver.configure(body="\x00\x1b[2J")
    assert tried(receiver.base_url).status == 200


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7), ("-7", None), ("soon", None), ("", None), ("9" * 400, 999_999_999), ("7.5", None)]
)
def test_a_wish_to_wait_is_read_if_it_is_one(receiver: Receiver, header: str, seconds: float | None) -> None:
    receiver.configure(status=503, headers={"Retry-After": header})
    assert tried(receiver.base_url).retry_after == seconds


def test_a_wish_to_wait_may_be_a_date(receiver: Receiver) -> None:
    receiver.configure(status=503, headers={"Retry-After": "Sat, 21 Nov 2026 10:00:30 GMT"})
    with clock.frozen(1_795_255_200_000):  # 10:00:00
        assert tried(receiver.base_url).retry_after == 30


@pytest.mark.parametrize("fault", ["500", "truncated", "garbage"])
def test_whatever_is_answered_a_try_ends_with_an_answer(receiver: Receiver, fault: str) -> None:
    receiver.configure(faults={fault: 1.0})
    assert tried(receiver.base_url).ms >= 0


def test_a_receiver_that_hangs_or_is_not_there_is_a_try_in_vain(receiver: Receiver) -> None:
    receiver.configure(faults={"hang": 1.0})
    with mock.patch.object(courier, "TRY_S", 0.2):
        answer = tried(receiver.base_url)
    assert (answer.status, answer.detail) == (0, "no answer within 0.2 s")
    assert "no connection" in tried("http://127.0.0.1:1/").detail


def test_a_receiver_that_drips_costs_little_time_once_its_status_is_known() -> None:
    closed = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\nbegun")
        await writer.drain()
        await reader.read()
        writer.close()
        await writer.wait_closed()
        closed.set()

    async def once() -> Answer:
        server = await asyncio.start_server(drip, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, courier.connect(LOCAL) as session:
            parcel = Parcel(1, 1, 1, "msg_1", f"http://127.0.0.1:{port}/", b"{}", [SECRET])
            answer = await courier.attempt(session, parcel)
            await closed.wait()
            return answer

    with mock.patch.object(courier, "EXCERPT_S", 0.1):
        answer = asyncio.run(once())
    assert (answer.status, answer.detail) == (200, "begun")
