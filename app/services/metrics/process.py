"""What the web process that is asked says of itself."""

import platform
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from prometheus_client import ProcessCollector

from app.services import inforce
from app.services.house import House
from app.services.metrics.gauges import Sample

_ROOT = Path(__file__).parents[3]
_asked: dict[str, Callable[[], float]] = {}


def tell(name: str, how: Callable[[], float]) -> None:
    """Let ``how`` say what the gauge ``name`` (without ``keybatch_``) is, whenever somebody asks."""
    _asked[name] = how


def itself(of: House) -> Iterator[Sample]:
    """Its version, memory, files, disk, and what it was told to tell."""
    yield Sample("build_info", 1, (inforce.version(), revision(), platform.python_version()))
    try:
        disk = shutil.disk_usage(of.settings.data_dir)
        yield from (Sample("disk_free_bytes", disk.free), Sample("disk_size_bytes", disk.total))
    except OSError:
        pass  # where there is no data folder, there is nothing to say
    for name, how in _asked.items():
        yield Sample(name, how())
    for family in ProcessCollector(registry=None).collect():
        for one in family.samples:
            yield Sample(one.name, one.value)


@cache
def revision() -> str:
    """The commit that this folder is at; "" where it is none of Git's."""
    git = _ROOT / ".git"
    try:
        head = (git / "HEAD").read_text(encoding="ascii").strip()
        if not head.startswith("ref: "):
            return head[:12]
        name = head.removeprefix("ref: ")
        if (git / name).exists():
            return (git / name).read_text(encoding="ascii").strip()[:12]
        packed = (git / "packed-refs").read_text(encoding="ascii").splitlines()
        return next((line[:12] for line in packed if line.endswith(f" {name}")), "")
    except (OSError, UnicodeDecodeError):
        return ""
