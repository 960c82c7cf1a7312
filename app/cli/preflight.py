"""What must hold before anything is started on this machine. Each check raises an error with its own remedy."""

import contextlib
import fcntl
import os
import socket
import tempfile
from pathlib import Path

from app.cli import words
from app.errors import BadSetting, PortTaken
from app.settings import Settings
from app.vault import Vault

KEY = "KEYBATCH_ENCRYPTION_KEY"
#: File in the data folder that a running house holds locked.
LOCK = "keybatch.lock"


def open_to_others(settings: Settings) -> None:
    """An address that other machines can reach is for a house that knows what it is called there, and whose stored
    credentials are sealed by a key that somebody keeps elsewhere. Raises BadSetting. Settings: host, public_url,
    encryption_key."""
    if settings.loopback:
        return
    given = {"KEYBATCH_PUBLIC_URL": settings.public_url, KEY: settings.encryption_key.get_secret_value()}
    missing = [name for name, value in given.items() if not value]
    if missing:
        why = words.NOT_LOOPBACK.say(host=settings.host, missing=", ".join(missing))
        raise BadSetting(name="KEYBATCH_HOST", why=why)
    Vault.parse(given[KEY])


def data_folder(settings: Settings) -> None:
    """Make the data folder, readable by its owner alone. Raises BadSetting when it cannot be written to.
    Settings: data_dir."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as exc:
        why = words.DATA_FOLDER.say(folder=folder.absolute(), why=exc.strerror or exc)
        raise BadSetting(name="KEYBATCH_DATA_DIR", why=why) from exc


def lock(settings: Settings) -> int:
    """Hold the data folder for this process and the program it turns into; gives the file descriptor. The kernel
    lets go of it when the process ends, however it ends. Raises BadSetting when another one holds it."""
    path = settings.data_dir / LOCK
    held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as exc:
        other = os.read(held, 20).decode(errors="replace") or "?"
        os.close(held)
        why = words.ALREADY_RUNS.say(folder=settings.data_dir.absolute(), pid=other)
        raise BadSetting(name="KEYBATCH_DATA_DIR", why=why) from exc
    os.ftruncate(held, 0)
    os.write(held, str(os.getpid()).encode())
    os.set_inheritable(held, True)
    return held


def port_free(settings: Settings) -> None:
    """Raises PortTaken when someone listens there, BadSetting when the address is not of this machine.
    Settings: host, port."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as exc:
        raise BadSetting(name="KEYBATCH_HOST", why=f"{settings.host}: {exc.strerror}.") from exc
    for family, kind, protocol, _, address in found:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: TIME_WAIT is no listener
            try:
                probe.bind(address)
            except PermissionError as exc:
                raise BadSetting(name="KEYBATCH_PORT", why=words.PORT_FORBIDDEN.say(port=settings.port)) from exc
            except OSError as exc:
                raise PortTaken(host=settings.host, port=settings.port) from exc


def socket_folder(path: Path) -> None:
    """Make the folder of Valkey's socket and see that it is ours alone. Raises BadSetting."""
    folder = path.parent
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700, parents=True)
    if folder.stat().st_uid != os.getuid():
        raise BadSetting(name="KEYBATCH_DATA_DIR", why=words.SOCKET_FOLDER.say(folder=folder))
    folder.chmod(0o700)
