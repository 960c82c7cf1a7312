"""Builds the pages (JavaScript, styles, HTML) from the Python that describes them, when any of it has changed.

``python -m app.web.build`` builds now; the web process calls `ensure_built` and only pays for a comparison.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from reflex.utils import build as reflex_build
from reflex.utils import path_ops, prerequisites
from reflex_base.environment import environment

from app import log
from app.errors import PagesNotBuilt

#: The project's folder, where Reflex wants to be run.
ROOT = Path(__file__).resolve().parents[2]
_STAMP = "keybatch.built"
_DEPENDS_ON = ("app/app.py", "app/web", "assets", "rxconfig.py")


def fingerprint(root: Path = ROOT) -> str:
    """Changes when anything the pages are made of changes."""
    digest = hashlib.blake2b(f"{version('reflex')} {sys.version_info[:2]}".encode(), digest_size=16)
    for name in _DEPENDS_ON:
        base = root / name
        files = [base] if base.is_file() else sorted(path for path in base.rglob("*") if _counts(path))
        for path in files:
            digest.update(f"\0{path.relative_to(root)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _counts(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc" and path.name != ".DS_Store"


def is_built(root: Path = ROOT) -> bool:
    """Whether the pages of this version are there."""
    stamp = root / ".web" / _STAMP
    try:
        return stamp.read_text() == fingerprint(root)
    except OSError:
        return False


def ensure_built() -> None:
    """Build the pages if they are not of this version, in a process of its own so that its memory goes with it.

    Raises PagesNotBuilt.
    """
    if is_built():
        return
    log.say("Building the pages (once for each version; about a minute) …", "building_pages")
    out = subprocess.PIPE if log.writes_json() else None
    command = [sys.executable, "-m", "app.web.build"]
    done = subprocess.run(command, cwd=ROOT, env=build_env(), stdout=out, stderr=out, check=False)
    if done.returncode or not is_built():
        told = b"\n".join(part for part in (done.stdout, done.stderr) if part).decode("utf-8", "replace")
        log.get(__name__).error("pages_not_built", code=done.returncode, output=told[-4000:])
        raise PagesNotBuilt


def lay_out(folder: Path) -> None:
    """Let Reflex leave its marks in ``folder`` where the project's own cannot be written to (an image, a unit of
    systemd): links to the built pages, and marks of its own. Files that are given to it would lie there too; none
    are."""
    web = ROOT / ".web"
    if os.access(web / "backend", os.W_OK):
        return
    (folder / "given").mkdir(parents=True, exist_ok=True)
    shutil.copytree(web / "backend", folder / "backend", dirs_exist_ok=True)
    for name in ("build", "reflex.json"):
        if not (folder / name).exists():
            with suppress(FileExistsError):  # another process that serves did it meanwhile
                (folder / name).symlink_to(web / name)
    environment.REFLEX_WEB_WORKDIR.set(folder)
    environment.REFLEX_UPLOADED_FILES_DIR.set(folder / "given")


def build_env() -> dict[str, str]:
    """The environment for Reflex: production, nothing told to anyone, and the bun that pip brought."""
    beside_python = str(Path(sys.executable).parent)
    return {
        **os.environ,
        "PATH": os.pathsep.join([beside_python, os.environ.get("PATH", "")]),
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_USE_SYSTEM_BUN": "true",
        "REFLEX_USE_NPM": "false",
    }


def build() -> None:
    """Build the pages here and now."""
    os.chdir(ROOT)
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    made_from = fingerprint()
    web = prerequisites.get_web_dir()
    web.mkdir(exist_ok=True)
    with path_ops.file_lock(web):
        if is_built():  # somebody else did it while this process waited
            return
        (web / _STAMP).unlink(missing_ok=True)
        prerequisites.initialize_reflex_user_directory()
        prerequisites.initialize_frontend_dependencies()
        prerequisites.get_compiled_app(prerender_routes=True, trigger="export")
        reflex_build.setup_frontend(ROOT)
        reflex_build.build()
        (web / _STAMP).write_text(made_from)


if __name__ == "__main__":
    os.environ.update(build_env())
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(False)
    build()
