"""TLS in front of a server that speaks none, for both of the house's: from the first byte as Redis' clients begin, or
once it is asked for as Postgres' do. The packages that the tests stand on bring both servers without it."""

import asyncio
import datetime
import ipaddress
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: What a client of Postgres says first when it wants TLS: eight bytes, and the code for it.
_PLEASE = bytes.fromhex("0000000804d2162f")
_PEM = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class Authority:
    """Files of a certificate authority of one's own and of a server that it vouches for."""

    ca: Path
    certificate: Path
    key: Path


def authority(folder: Path, *names: str) -> Authority:
    """An authority, and a server called ``names`` (names or addresses)."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    root = _certificate("town CA", "town CA", keys[0], keys[0], ())
    made = Authority(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    made.ca.write_bytes(root.public_bytes(_PEM))
    made.certificate.write_bytes(_certificate("town", "town CA", keys[1], keys[0], names).public_bytes(_PEM))
    plain = serialization.NoEncryption()
    made.key.write_bytes(keys[1].private_bytes(_PEM, serialization.PrivateFormat.PKCS8, plain))
    made.key.chmod(0o600)
    return made


def _certificate(
    subject: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    names: tuple[str, ...],
) -> x509.Certificate:
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    made = x509.CertificateBuilder(
        subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]),
        issuer_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - day,
        not_valid_after=now + 30 * day,
    ).add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
    if names:
        made = made.add_extension(x509.SubjectAlternativeName([_name(one) for one in names]), critical=False)
    return made.sign(signer, hashes.SHA256())


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


class Front:
    """``with Front(authority, to=5432, asked=True) as front:`` listens on a free port and passes on to one of this
    machine, or to the socket at a path. ``asked``: TLS begins when it is asked for, and who does not is sent away.
    ``taken`` counts the connections."""

    def __init__(self, by: Authority, to: int | Path, *, asked: bool = False) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(by.certificate, by.key)
        self._to, self._asked = to, asked
        self.port, self.taken = 0, 0

    def __enter__(self) -> Self:
        listening = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(listening)), daemon=True)
        self._thread.start()
        assert listening.wait(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(timeout=10)

    async def _serve(self, listening: threading.Event) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        context = None if self._asked else self._context
        server = await asyncio.start_server(self._take, "127.0.0.1", 0, ssl=context)
        self.port = int(server.sockets[0].getsockname()[1])
        listening.set()
        await self._ended.wait()
        server.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.sleep(0.05)  # transports close in the loop's next turns

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            try:
                await self._between(reader, writer)
            finally:
                writer.transport.abort()

    async def _between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._asked:
            if await reader.readexactly(len(_PLEASE)) != _PLEASE:
                return
            writer.write(b"S")
            await writer.start_tls(self._context)
        self.taken += 1
        to = self._to
        there = asyncio.open_unix_connection(str(to)) if isinstance(to, Path) else asyncio.open_connection(port=to)
        theirs, ours = await there
        ways = [asyncio.create_task(_pass_on(reader, ours)), asyncio.create_task(_pass_on(theirs, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            ours.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
