"""The house's key for stored credentials: the setting's, or one of its own beside its own database."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.errors import BadSetting
from app.settings import Settings
from app.vault import Vault, new_key

_FILE = "encryption.key"


def vault(settings: Settings) -> Vault:
    """What opens and seals here. Settings: encryption_key, data_dir, database_url. Raises BadSetting.

    Without the setting a key is made, once, in the data folder; not where the database is elsewhere, because other
    machines that share it would make others.
    """
    return Vault.parse(_text(settings))


def _text(settings: Settings) -> str:
    given = settings.encryption_key.get_secret_value()
    return given if given or settings.database_url else _own(settings.data_dir / _FILE)


def _own(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return _made(path, new_key())
    except (OSError, UnicodeDecodeError) as exc:
        raise BadSetting(name="KEYBATCH_DATA_DIR", why=f"{path} cannot be read ({exc}).") from exc


def _made(path: Path, key: str) -> str:
    """Write the key for its owner alone; where another process was faster, its key is the one."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.touch(mode=0o600)
        beside.write_text(f"{key}\n", encoding="ascii")
        try:
            os.link(beside, path)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        finally:
            beside.unlink()
    except OSError as exc:
        raise BadSetting(name="KEYBATCH_DATA_DIR", why=f"{path} cannot be written ({exc}).") from exc
    return key


def there(settings: Settings) -> str:
    """The keys that there are, none is made; "" where there are none. Raises BadSetting."""
    given = settings.encryption_key.get_secret_value()
    path = settings.data_dir / _FILE
    return given or (_own(path) if path.exists() and not settings.database_url else "")


def keep(settings: Settings, key: str) -> str:
    """Put ``key`` first in the data folder's own file, before what is there: the file's path. It is used from there
    where no setting names another and the database is the data folder's own."""
    path = settings.data_dir / _FILE
    before = path.read_text(encoding="ascii").strip().split(",") if path.exists() else []
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(path, ",".join(dict.fromkeys([*key.split(","), *before])))
    return str(path)


def strange(settings: Settings, sealed: Mapping[str, str]) -> tuple[str, ...]:
    """Of ``sealed`` (what it is of → sealed text) those that no key that is there opens. Raises BadSetting."""
    vault = Vault.parse(there(settings))
    return tuple(about for about, text in sealed.items() if not vault.knows(text))


@contextmanager
def changing(settings: Settings, to: str) -> Iterator[None]:
    """Make ``to`` the house's own key once the block has sealed everything under it. Until then the old ones are kept
    too, whatever happens. Raises BadSetting where the key is a setting."""
    if settings.encryption_key.get_secret_value() or settings.database_url:
        why = "put the new key before the old one (new,old), restart, rotate, and then take the old one out"
        raise BadSetting(name="KEYBATCH_ENCRYPTION_KEY", why=why)
    path, old = settings.data_dir / _FILE, _text(settings)
    _write(path, f"{to},{old}")
    yield
    _write(path, to)


def _write(path: Path, keys: str) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.touch(mode=0o600)
    beside.write_text(f"{keys}\n", encoding="ascii")
    beside.replace(path)
