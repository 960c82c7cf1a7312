"""What is wrong, by what hosts and Redis tell."""

from pathlib import Path

from app.services import hosts, wrongs
from app.services.hosts import ProcessView
from app.services.memory import Memory
from app.services.troubles import Met

GB = 1_000_000_000


def process(host: str, **told: object) -> ProcessView:
    return ProcessView("workers", 7, host, "0.1.0", 0, **told)  # type: ignore[arg-type]


def test_nothing_is_wrong_with_what_is_well_or_not_known() -> None:
    well = process("a", ahead_ms=40, folder="/data", free=50 * GB, size=100 * GB)
    for memory in (None, Memory(5, None, "allkeys-lru"), Memory(5, 10, "noeviction")):
        assert wrongs.told([well, process("b")], [], memory) == {}


def test_each_host_whose_clock_is_off_is_named_once() -> None:
    off = [process("a", ahead_ms=120_000), process("a", ahead_ms=120_010), process("b", ahead_ms=-2_000), process("c")]
    assert wrongs.told(off, [], None) == {"clock_off": "a: +120.0 s, b: -2.0 s"}


def test_disks_are_told_before_they_are_full() -> None:
    def told(free: int, size: int) -> set[str]:
        return set(wrongs.told([process("a", folder="/data", free=free, size=size)], [], None))

    assert told(6 * GB, 100 * GB) == set()
    assert told(4 * GB, 100 * GB) == {"disk_low"}
    assert told(900_000_000, 2 * GB) == {"disk_low"}
    assert told(11 * GB, 4_000 * GB) == set(), "a twentieth of a large disk is plenty"
    assert told(9 * GB, 4_000 * GB) == {"disk_low"}
    assert told(1_000_000, 100 * GB) == {"disk_full"}


def test_a_database_without_room_is_told_by_who_met_it() -> None:
    met = Met("disk_full", "a", 0, "postgresql://db/kb")
    assert wrongs.told([], [met], None) == {"disk_full": "a: postgresql://db/kb"}


def test_a_redis_that_takes_nothing_is_not_one_that_throws_things_away() -> None:
    full, evicting = Memory(10_000_000, 10_000_000, "noeviction"), Memory(1, 10_000_000, "allkeys-lru")
    assert wrongs.told([], [], full) == {"redis_full": "10 MB / 10 MB"}
    assert wrongs.told([], [], evicting) == {"redis_evicts": "allkeys-lru"}


def test_keys_and_versions_are_told_with_their_hosts() -> None:
    one = process("a", locked=("naver/팀", "kakao/b"), newer="0009")
    assert wrongs.told([one], [], None) == {
        "wrong_key": "naver/팀 (a), kakao/b (a)",
        "newer_database": "a: workers (0009)",
    }


def test_what_another_version_tells_besides_is_passed_over() -> None:
    told = {b"a workers 7": b'{"kind":"workers","pid":7,"host":"a","version":"9","seen_at":5,"mood":"fine"}'}
    assert [one.version for one in hosts.processes(told, 10)] == ["9"]
    assert hosts.processes(told, 10 + hosts.FRESH_MS) == []


def test_room_is_told_of_a_folder_that_is_still_to_be_made(tmp_path: Path) -> None:
    assert hosts.room(tmp_path / "not" / "yet")[1] == hosts.room(tmp_path)[1] is not None
