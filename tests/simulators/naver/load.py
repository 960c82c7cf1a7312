"""How many calls a second the simulator answers: ``python -m tests.simulators.naver.load [URL]``.

A bare client, so that the ceiling measured is the simulator's. Without a URL it starts one in its own process.
"""

import argparse
import asyncio
import sys
import time
from typing import cast
from urllib.parse import urlsplit

import uvloop

from tests.simulators.naver import NaverSimulator

_END = {"legacy": b"\r\n0\r\n\r\n", "hub": b"}"}


class _Client(asyncio.Protocol):
    """Asks, waits for the end of the answer, asks again."""

    def __init__(self, number: int, platform: str, host: str) -> None:
        path = "/search/v1/blog" if platform == "hub" else "/v1/search/blog.json"
        names = (
            ("X-NCP-APIGW-API-KEY-ID", "X-NCP-APIGW-API-KEY")
            if platform == "hub"
            else (
                "X-Naver-Client-Id",
                "X-Naver-Client-Secret",
            )
        )
        self._call = (
            f"GET {path}?query=%EB%A7%A5%EB%B6%81+{number}-%d&display=1 HTTP/1.1\r\nHost: {host}\r\n"
            f"{names[0]}: sim-client\r\n{names[1]}: sim-secret\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\n"
            "User-Agent: load\r\n\r\n"
        ).encode()
        self._end = _END[platform]
        self.answers = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's has other ancestors
        self._transport.write(self._call.replace(b"%d", b"0"))

    def data_received(self, data: bytes) -> None:
        if data.endswith(self._end):
            self.answers += 1
            self._transport.write(self._call.replace(b"%d", b"%d" % self.answers))


async def _measure(url: str, platform: str, connections: int, seconds: float) -> float:
    where = urlsplit(url)
    loop = asyncio.get_running_loop()
    clients = [_Client(number, platform, where.netloc) for number in range(connections)]
    for client in clients:
        await loop.create_connection(lambda client=client: client, where.hostname, where.port)
    before, started = sum(client.answers for client in clients), time.perf_counter()
    await asyncio.sleep(seconds)
    return (sum(client.answers for client in clients) - before) / (time.perf_counter() - started)


def main() -> None:
    """Print calls a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", help="a simulator that runs with --rate none --daily-quota none")
    parser.add_argument("--platform", choices=("legacy", "hub"), default="legacy")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    given = parser.parse_args()
    size = given.platform, given.connections, given.seconds
    if given.url:
        rate = uvloop.run(_measure(given.url, *size))
    else:
        with NaverSimulator(process=True, rate=None, daily_quota=None, latency_ms=given.latency_ms) as simulator:
            rate = uvloop.run(_measure(simulator.base_url, *size))
    sys.stdout.write(f"{rate:,.0f} calls/s over {given.connections} connections, {given.platform}\n")


main()
