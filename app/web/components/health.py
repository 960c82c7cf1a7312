"""The rail's last line: how the house does, and how many batches are under way. Looked at a few times a minute."""

import asyncio
import time

import reflex as rx
from reflex.event import EventSpec

from app.errors import DatabaseDown, Language
from app.services import listing, ops
from app.services.house import House
from app.services.ops import Health
from app.web.backend import house, in_thread
from app.web.components.basics import link
from app.web.live import Watch, tabs
from app.web.state import Ui, who
from app.web.words import word

#: Least time between two looks, and how often to look without being told, in seconds.
GAP_S, ANYWAY_S = 4.0, 15.0


class _Shared:
    """One look for all tabs of this process that want one at about the same time."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._at = float("-inf")
        self._found = Health()

    async def look(self) -> Health:
        """How the house does, as of the last seconds."""
        async with self._lock:
            if time.monotonic() - self._at > GAP_S / 2:
                self._found = await in_thread(ops.health, house())
                self._at = time.monotonic()
            return self._found


_shared = _Shared()


def sentence(found: Health, language: Language) -> tuple[str, str, str]:
    """What the rail says: its kind (fine, trouble), the figures, the sentence."""
    counts = ""
    if found.workers is not None and found.queued is not None:
        counts = word("health_counts", language, workers=found.workers, queued=found.queued)
    if not found.troubles:
        return "fine", counts, word("health_fine", language)
    return "trouble", counts, word(f"alarm_{found.troubles[0]}", language)


def under_way(at: House, workspace: int) -> int | None:
    """Batches of a workspace that have not ended; None while the database cannot say."""
    try:
        return listing.under_way(at, workspace)
    except DatabaseDown:
        return None


class HealthState(rx.State):
    """What is on the rail."""

    kind: str = ""
    counts: str = ""
    said: str = ""
    open: str = ""

    @rx.event
    def enter(self) -> EventSpec:
        """Begin to look. A background handler does not wait for the handlers before it, and the page's first one ends
        what the tab looked at before."""
        return HealthState.follow

    @rx.event(background=True)
    async def follow(self) -> None:
        """Look now and then, until the tab leaves."""
        async with self:
            tab, workspace = self.router.session.client_token, who(self).workspace
        with tabs.watching(tab, 0, Watch(GAP_S, ANYWAY_S), part="health") as watch:
            async for _ in watch.changes(lambda: tabs.is_connected(tab)):
                found = await _shared.look()
                count = await in_thread(under_way, house(), workspace)
                async with self:
                    if watch.closed:
                        return
                    self._show(found, count, await self.get_var_value(Ui.language))

    def _show(self, found: Health, count: int | None, language: Language) -> None:
        kind, counts, said = sentence(found, language)
        shown = {"kind": kind, "counts": counts, "said": said, "open": str(count) if count else ""}
        for name, value in shown.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


def health_line() -> rx.Component:
    """It, as a link to where the house is watched."""
    return link(
        rx.el.span(class_name="dot"),
        rx.el.span(HealthState.counts, class_name="health-line"),
        rx.el.span(HealthState.said, class_name="health-word"),
        to="/ops",
        class_name=f"health h-{HealthState.kind}",
    )
