"""A backup is the whole house at one moment, and a restore makes it again, on either kind of database."""

import io
import json
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.db.migrate import require_current, upgrade_database
from app.errors import BrokenBackup, KeybatchError, NewerBackup, NotABackup, NotBackedUp, NotEmpty, Unmigrated
from app.services import backup, keys, restoring
from app.services.archive import MANIFEST, Reader
from app.services.house import House, open_house
from app.settings import Settings
from tests.conftest import new_database
from tests.store.whole import dump, fill, next_id

Elsewhere = Callable[..., House]


@pytest.fixture
def elsewhere(
    settings_of: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], House]]:
    """Houses on an empty database of a kind, in a data folder of their own."""
    opened: list[House] = []
    contexts = []

    def open_one(kind: str, **more: str) -> House:
        folder = tmp_path / f"elsewhere {len(opened)}"
        folder.mkdir()
        url = ""
        if kind == "postgres":
            context = new_database(request.getfixturevalue("postgres"))
            contexts.append(context)
            url = context.__enter__()
        opened.append(open_house(Settings(data_dir=folder, database_url=url, **more)))
        return opened[-1]

    yield open_one
    for house in opened:
        house.close()
    for context in contexts:
        context.__exit__(None, None, None)


@pytest.fixture
def taken(whole: bytes, tmp_path: Path) -> Path:
    """A backup of a house with rows in every table."""
    path = tmp_path / "house.zip"
    path.write_bytes(whole)
    return path


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_every_row_comes_back_on_either_kind_of_database(
    house: House, elsewhere: Elsewhere, kind: str, tmp_path: Path
) -> None:
    fill(house.db)
    with house.db.work() as work:  # an id that was given away is never given again
        work.connection.execute(text("DELETE FROM activity WHERE id = 3"))
        if not house.db.sqlite:  # rows above were given their ids
            work.connection.execute(text("SELECT setval(pg_get_serial_sequence('activity', 'id'), 3)"))
    taken = tmp_path / "house.zip"
    backup.take_to(house, taken)
    other = elsewhere(kind)

    restoring.restore(other, taken)

    require_current(other.db)
    assert dump(other.db) == dump(house.db)
    again = tmp_path / "again.zip"
    first, second = backup.check(taken), backup.take_to(other, again)
    assert [(one.table, one.rows, one.sha256) for one in first.tables] == [
        (one.table, one.rows, one.sha256) for one in second.tables
    ], "the file is the same, whichever database it is taken from"
    assert first.counters == second.counters
    assert next_id(other.db, "activity") == 4


def test_sessions_are_left_out_and_everything_else_is_there(taken: Path, elsewhere: Elsewhere) -> None:
    other = elsewhere("sqlite")
    restoring.restore(other, taken)

    with other.db.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM session")).scalar_one() == 0
    counted = {name: said.split()[0] for name, said in dump(other.db).items()}
    assert set(counted.values()) == {"3"}


def test_a_backup_is_one_moment_whatever_is_written_meanwhile(house: House, elsewhere: Elsewhere) -> None:
    fill(house.db)
    before = dump(house.db)
    file = io.BytesIO()

    def write(_table: str, _through: int, _of: int) -> None:
        with house.db.work() as work:
            work.connection.execute(text("UPDATE usage SET calls = calls + 1"))
            work.connection.execute(text("DELETE FROM attempt"))

    manifest = backup.take(house, file, told=write)

    assert dump(house.db) != before
    path = house.settings.data_dir / "house.zip"
    path.write_bytes(file.getvalue())
    assert manifest.rows == backup.check(path).rows
    other = elsewhere("sqlite")
    restoring.restore(other, path)
    assert dump(other.db) == before


def test_a_backup_can_be_written_into_a_pipe(house: House, tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.said: list[bytes] = []

        def writable(self) -> bool:
            return True

        def seekable(self) -> bool:
            return False

        def write(self, some: object) -> int:
            self.said.append(bytes(some))  # type: ignore[call-overload] -- bytes, of any kind
            return len(self.said[-1])

    pipe = Pipe()
    backup.take(house, pipe)  # type: ignore[arg-type] -- as a file is
    (tmp_path / "piped.zip").write_bytes(b"".join(pipe.said))

    assert backup.check(tmp_path / "piped.zip").revision


def test_only_its_owner_may_read_the_file_and_a_failure_leaves_none(elsewhere: Elsewhere, tmp_path: Path) -> None:
    house, taken = elsewhere("sqlite"), tmp_path / "house.zip"
    upgrade_database(house.db)
    backup.take_to(house, taken)
    assert stat.S_IMODE(taken.stat().st_mode) == 0o600
    with pytest.raises(NotBackedUp):
        backup.take_to(house, tmp_path / "nowhere" / "house.zip")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = taken.read_bytes()
    with pytest.raises(NotBackedUp, match="No space left"):
        backup.take_to(house, taken, told=fail)
    assert taken.read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("*house.zip*")) == ["house.zip"]


def test_a_database_without_tables_has_no_backup(elsewhere: Elsewhere, tmp_path: Path) -> None:
    with pytest.raises(Unmigrated):
        backup.take_to(elsewhere("sqlite"), tmp_path / "house.zip")
    assert not (tmp_path / "house.zip").exists()


def test_only_an_empty_database_is_filled(house: House, taken: Path) -> None:
    with pytest.raises(NotEmpty, match="is not empty"):
        restoring.restore(house, taken)
    assert dump(house.db)["batch"].startswith("0 ")


def changed(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Write a file anew with one of its members changed."""
    with zipfile.ZipFile(path) as old:
        members = {one: old.read(one) for one in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for one, said in members.items():
            new.writestr(one, change(said) if one == name else said)


def manifest(**values: object) -> Callable[[bytes], bytes]:
    return lambda said: json.dumps(json.loads(said) | values).encode()


WRONG = {
    "foreign": (lambda path: path.write_bytes(b"%PDF-1.7 nothing of ours"), NotABackup),
    "empty": (lambda path: path.write_bytes(b""), NotABackup),
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]), NotABackup),
    "another program's": (lambda path: changed(path, MANIFEST, manifest(program="other")), NotABackup),
    "no manifest": (lambda path: changed(path, MANIFEST, lambda _: b"{}"), NotABackup),
    "a newer format": (lambda path: changed(path, MANIFEST, manifest(format=99)), NewerBackup),
    "newer tables": (lambda path: changed(path, MANIFEST, manifest(revision="9999")), NewerBackup),
    "other tables": (lambda path: changed(path, MANIFEST, manifest(revision="0005")), BrokenBackup),
    "a changed value": (
        lambda path: changed(path, "tables/usage.ndjson", lambda said: said.replace(b",1,", b",2,", 1)),
        BrokenBackup,
    ),
    "a lost row": (
        lambda path: changed(path, "tables/item.ndjson", lambda said: said[said.index(b"\n") + 1 :]),
        BrokenBackup,
    ),
}


@pytest.mark.parametrize("how", WRONG)
def test_a_file_that_is_not_a_whole_backup_changes_nothing(taken: Path, elsewhere: Elsewhere, how: str) -> None:
    spoil, error = WRONG[how]
    spoil(taken)
    other = elsewhere("sqlite")

    with pytest.raises(error) as caught:
        restoring.restore(other, taken)

    assert str(taken) in str(caught.value)
    with other.db.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar_one() == 0


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_restore_that_fails_half_way_leaves_an_empty_database(taken: Path, elsewhere: Elsewhere, kind: str) -> None:
    other = elsewhere(kind)

    def fail(table: str, *_: int) -> None:
        if table == "reading":
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        restoring.restore(other, taken, told=fail)
    restoring.restore(other, taken)


@given(cut=st.floats(0, 0.999), at=st.floats(0, 1), flip=st.integers(0, 255))
def test_no_damage_to_the_file_goes_unseen(whole: bytes, cut: float, at: float, flip: int) -> None:
    for damaged in (whole[: int(cut * len(whole))], _flipped(whole, at, flip)):
        try:
            with Reader(io.BytesIO(damaged), "it") as reader:
                reader.check()
                same = reader.manifest
        except KeybatchError:
            continue
        with Reader(io.BytesIO(whole), "it") as reader:
            assert (same.tables, same.counters) == (reader.manifest.tables, reader.manifest.counters)


def _flipped(said: bytes, at: float, flip: int) -> bytes:
    place = min(len(said) - 1, int(at * len(said)))
    return said[:place] + bytes([said[place] ^ flip]) + said[place + 1 :]


@pytest.fixture(scope="module")
def whole(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a small backup."""
    folder = tmp_path_factory.mktemp("whole")
    shutil.copyfile(migrated_file, folder / "keybatch.db")
    house = open_house(Settings(data_dir=folder))
    fill(house.db)
    file = io.BytesIO()
    backup.take(house, file)
    house.close()
    return file.getvalue()


def test_the_key_is_in_it_only_when_asked_for(elsewhere: Elsewhere, tmp_path: Path) -> None:
    old = elsewhere("sqlite")
    upgrade_database(old.db)
    sealed = keys.vault(old.settings).seal("hush", "naver/team")
    with old.db.work() as work:
        values = {"key": "naver/team", "sealed": sealed}
        row = "(:key, '{}', :sealed, '', 1, 1, '', NULL)"
        work.connection.execute(text(f"INSERT INTO account VALUES {row}"), values)
    backup.take_to(old, tmp_path / "without.zip")
    backup.take_to(old, tmp_path / "with.zip", with_key=True)

    bare, given_ = elsewhere("sqlite"), elsewhere("sqlite")
    assert restoring.restore(bare, tmp_path / "without.zip").unopened == ("naver/team",)
    done = restoring.restore(given_, tmp_path / "with.zip")

    assert done.unopened == ()
    assert stat.S_IMODE(Path(done.key).stat().st_mode) == 0o600
    assert keys.vault(given_.settings).open(sealed, "naver/team") == "hush"
    assert b"encryption.key" not in (tmp_path / "without.zip").read_bytes()
