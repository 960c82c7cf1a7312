"""The list of lines that were not simply taken, as a CSV that a spreadsheet opens."""

from app.services.exports import safe, written
from app.services.intake import Told


def head() -> bytes:
    """The first line, after a byte order mark."""
    return "\ufeff".encode() + written([["line", "typed", "what", "why", "asked"]])


def line(one: Told) -> bytes:
    """What became of one line."""
    return written([[one.line, safe(one.typed), one.what, one.why, safe(one.asked)]])
