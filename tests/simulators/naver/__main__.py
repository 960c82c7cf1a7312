"""``python -m tests.simulators.naver --port 9999``: the simulator, run by hand."""

import argparse
import asyncio
import gc
import signal
import sys

import uvloop

from tests.simulators.naver.config import CLIENT_ID, CLIENT_SECRET, Config
from tests.simulators.naver.faults import KINDS
from tests.simulators.naver.platform import Naver
from tests.simulators.naver.simulator import listen, port_of


def _limit(text: str) -> int | None:
    return None if text == "none" else int(text)


def _rate(text: str) -> int | str | None:
    return text if text == "platform" else _limit(text)


def _client(text: str) -> tuple[str, str]:
    client, _, secret = text.partition(":")
    return client, secret


def _arguments() -> argparse.Namespace:
    faults = "; ".join(f"{kind}: {what}" for kind, what in KINDS.items())
    parser = argparse.ArgumentParser(prog="python -m tests.simulators.naver", description=__doc__)
    parser.add_argument("--port", type=int, default=9999, help="port on 127.0.0.1; 0 = a free one")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; others only in a network of its own")
    parser.add_argument("--platform", choices=("legacy", "hub", "both"), default="both")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="every answer takes this long")
    parser.add_argument("--rate", type=_rate, default="platform", help="calls a second and id, none, or platform")
    parser.add_argument("--daily-quota", type=_limit, default=25_000, help="calls a day and id, or none")
    parser.add_argument("--client", type=_client, action="append", help=f"ID:SECRET, more than once; {CLIENT_ID}:…")
    parser.add_argument("--disable", action="append", default=[], help="a service that is not enabled")
    parser.add_argument("--fault", action="append", default=[], help=f"KIND=0.05 | KIND=3 | slow=0.1:800. {faults}")
    parser.add_argument("--seed", type=int, default=0, help="decides which calls meet a fault")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input does")
    return parser.parse_args()


async def _serve(naver: Naver, host: str, port: int, *, until_eof: bool) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if until_eof:
        loop.add_reader(sys.stdin, stop.set)
    server = await listen(naver, port, host)
    sys.stdout.write(f"http://{host}:{port_of(server)}\n")
    sys.stdout.flush()
    await stop.wait()
    server.close()


def main() -> None:
    """Listen until interrupted; the address is the first line of standard output."""
    given = _arguments()
    config = Config(
        platform=given.platform,
        latency_ms=given.latency_ms,
        rate=given.rate,
        daily_quota=given.daily_quota,
        clients=dict(given.client) if given.client else {CLIENT_ID: CLIENT_SECRET},
        disabled=tuple(given.disable),
        faults=tuple(given.fault),
        seed=given.seed,
    )
    gc.freeze()
    uvloop.run(_serve(Naver(config), given.host, given.port, until_eof=given.until_eof))


main()
