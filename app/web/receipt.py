"""What the last submit of this tab did not take as it was: kept for the page of the batch it made."""

from dataclasses import dataclass

import reflex as rx

from app.services.shapes import Submitted


@dataclass
class RejectionShown:
    """A line that was not taken; ``reason`` is a word's key."""

    line: int
    excerpt: str
    reason: str


class Receipt(rx.State):
    """Belongs to ``batch``; 0 = there is none."""

    batch: int = 0
    repaired: int = 0
    more: int = 0
    rejections: list[RejectionShown] = []

    def keep(self, submitted: Submitted, first: int = 20) -> None:
        """Remember the first rejected lines."""
        self.batch, self.repaired = submitted.batch, submitted.repaired
        self.rejections = [RejectionShown(r.line, r.excerpt, r.reason) for r in submitted.rejections[:first]]
        self.more = submitted.rejected - len(self.rejections)
