"""Which rows an address names, and the addresses of the other pages. Pure."""

from collections.abc import Mapping

from app.web import addresses, cells
from app.web.reads import PAGE, Window

_LONGEST = 18


def window_of(path: str, query: Mapping[str, str]) -> Window | None:
    """The part of a batch that an address names; None when it names none. ``?from=`` counts from 1."""
    batch = addresses.batch_of(path)
    if batch is None:
        return None
    start = query.get("from", "1")
    position = int(start) - 1 if start.isascii() and start.isdecimal() and len(start) <= _LONGEST else 0
    newest = query.get("view") == "newest"
    return Window(batch, "newest") if newest else Window(batch, "position", max(0, position))


def places(window: Window, items: int) -> dict[str, str]:
    """Addresses of the first, previous, next and last page; "" where there is none."""
    if window.order == "newest":
        return dict.fromkeys(("first", "previous", "next", "last"), "")
    last = max(0, (items - 1) // PAGE * PAGE)
    at = f"/batches/{window.batch}?from="
    before, after = max(0, window.start - PAGE), window.start + PAGE
    return {
        "first": f"{at}1" if window.start > 0 else "",
        "previous": f"{at}{before + 1}" if window.start > 0 else "",
        "next": f"{at}{after + 1}" if after < items else "",
        "last": f"{at}{last + 1}" if after < items else "",
    }


def span(window: Window, count: int, items: int) -> str:
    """Which rows are on screen, of how many."""
    if window.order == "newest" or not count:
        return f"{cells.number(count)} / {cells.number(items)}"
    first = window.start + 1
    return f"{cells.number(first)} – {cells.number(first + count - 1)} / {cells.number(items)}"
