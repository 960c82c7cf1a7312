"""What an address names: the batch, and the tab of its page. Pure."""

from collections.abc import Mapping

_LONGEST = 18
#: What ``?tab=`` may name; the first of them where it names nothing known.
TABS = ("results", "failures", "charts", "activity", "api")


def batch(batch_id: int) -> str:
    """The address of a batch's page."""
    return f"/batches/{batch_id}"


def batch_of(path: str) -> int | None:
    """The batch that ``/batches/12`` names; None when it names none."""
    return number_of(path.rstrip("/").rpartition("/")[2])


def number_of(given: str) -> int | None:
    """The whole number that ``given`` writes; None for anything else."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= _LONGEST else None


def tab_of(query: Mapping[str, str]) -> str:
    """The tab of a batch's page."""
    named = query.get("tab", "")
    return named if named in TABS else TABS[0]
