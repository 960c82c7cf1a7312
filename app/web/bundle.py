"""What the house adds to the built pages: the typeface, and the rule that a page talks to where it came from."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from reflex.plugins import Plugin

from app.settings import Settings

#: Reflex writes the backend's address into the pages at build time; this is what it writes by default.
_BAKED = "localhost:8000"
#: The typeface's npm package; `HouseBundle` takes its styles from it.
TYPEFACE = "pretendard@1.3.9"


def own_origins(settings: Settings) -> list[str]:
    """The origins whose pages may open the live socket. Settings: port, public_url."""
    here = [f"http://{host}:{settings.port}" for host in ("localhost", "127.0.0.1", "[::1]")]
    public = urlsplit(settings.public_url)
    return [*here, f"{public.scheme}://{public.netloc}"] if public.netloc else here


class HouseBundle(Plugin):
    """Bundles Pretendard (subsets are fetched from this server as they are needed) and unties the pages from
    the port they were built with, so that one build serves any."""

    def get_stylesheet_paths(self, **context: Any) -> Sequence[str]:
        package = TYPEFACE.partition("@")[0]
        return [f"{package}/dist/web/variable/pretendardvariable-dynamic-subset.css"]

    def post_build(self, **context: Any) -> None:
        static_dir = Path(context["static_dir"])
        untie(static_dir)
        (static_dir / "door.css").write_text(door_styles(static_dir), encoding="utf-8")


def door_styles(static_dir: Path) -> str:
    """What the door's pages (`app.web.door`), which are no part of the bundle, need of it under a name that stays: the
    faces of the typeface, and the dark tokens for a browser that prefers dark, as no script can ask for a choice."""
    bundled = "".join(path.read_text(encoding="utf-8") for path in sorted(static_dir.glob("assets/*.css")))
    faces = [face for face in re.findall(r"@font-face\s*\{[^}]*\}", bundled) if "Pretendard" in face]
    dark = re.search(r"^\.dark\s*\{([^}]*)\}", (static_dir / "keybatch.css").read_text(encoding="utf-8"), re.MULTILINE)
    if dark is None or not faces:
        raise RuntimeError(f"no dark tokens or no typeface under {static_dir}; see app/web/bundle.py")
    return "\n".join([*faces, f"@media(prefers-color-scheme:dark){{:root{{{dark[1]}}}}}", ""])


def untie(static_dir: Path) -> int:
    """Replace the baked address in every script by the page's own origin; says in how many.

    Raises RuntimeError when there is none: then Reflex changed how it writes it, and the pages would only work
    on one port.
    """
    touched = 0
    for script in sorted(static_dir.rglob("*.js")):
        before = script.read_text(encoding="utf-8")
        after = _untied(before)
        if after != before:
            script.write_text(after, encoding="utf-8")
            touched += 1
    if not touched:
        raise RuntimeError(f"no script under {static_dir} names {_BAKED}; see app/web/bundle.py")
    return touched


def _untied(script: str) -> str:
    for quote in ('"', "'", "`"):
        script = script.replace(f"{quote}http://{_BAKED}", f"location.origin+{quote}")
        script = script.replace(f"{quote}ws://{_BAKED}", f'location.origin.replace("http","ws")+{quote}')
    return script
