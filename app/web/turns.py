"""Only the newest counts: a tab asks again while the answer before is being worked out, which then is of no use."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
#: Lines between two looks whether it is still wanted.
_LOOK = 1_000


class Overtaken(Exception):
    """Somebody asked again meanwhile."""


class Turn:
    """One asking; ``over`` once there is a newer one."""

    def __init__(self) -> None:
        self.over = False

    def while_wanted(self, lines: Iterable[T]) -> Iterator[T]:
        """``lines``, as long as this is the newest. Raises Overtaken."""
        for number, line in enumerate(lines):
            if self.over and number % _LOOK == 0:
                raise Overtaken
            yield line


class Turns:
    """The newest turn of each tab of this process."""

    def __init__(self) -> None:
        self._newest: dict[str, Turn] = {}

    @contextmanager
    def taken(self, tab: str) -> Iterator[Turn]:
        """A turn of ``tab``; the one before it is over."""
        turn = Turn()
        self.end(tab)
        self._newest[tab] = turn
        try:
            yield turn
        finally:
            if self._newest.get(tab) is turn:
                del self._newest[tab]

    def end(self, tab: str) -> None:
        """What ``tab`` asked last is of no interest any more."""
        before = self._newest.pop(tab, None)
        if before is not None:
            before.over = True


turns = Turns()
