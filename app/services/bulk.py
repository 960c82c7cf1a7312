"""One verb for many batches: what it would do to them, and doing it, batch by batch and each in its own transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from app.errors import DatabaseDown, KeybatchError, RedisDown
from app.repositories import batches as rows
from app.repositories import listing
from app.services import batches, control, naming
from app.services.callers import Caller
from app.services.house import House

Verb = Literal["pause", "resume", "cancel", "retry", "tag", "untag"]
VERBS: tuple[Verb, ...] = get_args(Verb)
#: Batches that one deed is for.
MOST = 1_000
#: The states in which a verb changes something; a tag goes on a batch in any of them.
_FITS: Mapping[str, tuple[str, ...]] = {
    "pause": rows.OPEN,
    "resume": ("paused", "cancelled"),
    "cancel": (*rows.OPEN, "paused"),
    "retry": (*rows.OPEN, "paused", "completed"),
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a verb would change: ``fit`` holds (id, state), newest first. ``others`` counts those that it would not, by
    their state, or as ``unfailed`` (nothing failed in them), ``tagged``, ``untagged`` (they are so already) or ``gone``
    (there is no such batch in the workspace)."""

    fit: tuple[tuple[int, str], ...]
    others: Mapping[str, int]

    @property
    def by_state(self) -> Mapping[str, int]:
        """How many would be changed, by state."""
        return Counter(state for _, state in self.fit)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A batch that was not changed, and why."""

    batch: int
    error: KeybatchError


@dataclass(frozen=True, slots=True)
class Done:
    """Ids of the batches that were changed, and those that were not."""

    done: tuple[int, ...] = ()
    refused: tuple[Refusal, ...] = ()

    def and_then(self, more: "Done") -> "Done":
        """Both together."""
        return Done(self.done + more.done, self.refused + more.refused)


def weigh(house: House, who: Caller, verb: Verb, ids: Sequence[int], tag: str = "") -> Weighed:
    """What ``verb`` would do to the batches ``ids`` as they stand; changes nothing. Raises Forbidden."""
    who.require("submit")
    wanted = list(dict.fromkeys(ids))[:MOST]
    with house.db.read() as connection:
        found = listing.standing(connection, who.workspace, wanted)
        has = rows.tags_of(connection, wanted) if verb in ("tag", "untag") else {}
    fit: list[tuple[int, str]] = []
    others: Counter[str] = Counter({"gone": len(wanted) - len(found)})
    for row in found:
        why = _unfit(verb, row.state, row.failed, tag in has.get(row.id, ()))
        if why:
            others[why] += 1
        else:
            fit.append((row.id, row.state))
    return Weighed(tuple(fit), +others)


def do(house: House, who: Caller, verb: Verb, ids: Sequence[int], tag: str = "") -> Done:
    """Do ``verb`` to each of the batches ``ids`` of ``who``'s workspace, in this order. What one of them refuses does
    not stop the others; a database or Redis that is gone does, and refuses the rest. Raises Forbidden."""
    who.require("submit")
    done, refused = [], []
    left = list(dict.fromkeys(ids))[:MOST]
    while left:
        batch = left.pop(0)
        try:
            batches.require_in(house, who.workspace, batch)
            _do(house, who, verb, batch, tag)
        except (DatabaseDown, RedisDown) as exc:
            refused += [Refusal(one, exc) for one in (batch, *left)]
            break
        except KeybatchError as exc:
            refused.append(Refusal(batch, exc))
        else:
            done.append(batch)
    return Done(tuple(done), tuple(refused))


def _unfit(verb: Verb, state: str, failed: int, is_tagged: bool) -> str:
    """Why the verb would change nothing; "" where it would."""
    if verb == "tag":
        return "tagged" if is_tagged else ""
    if verb == "untag":
        return "" if is_tagged else "untagged"
    if state not in _FITS[verb]:
        return state
    return "unfailed" if verb == "retry" and not failed else ""


def _do(house: House, who: Caller, verb: Verb, batch: int, tag: str) -> None:
    if verb == "tag":
        naming.tag(house, batch, tag, who=who)
    elif verb == "untag":
        naming.untag(house, batch, tag, who=who)
    elif verb == "pause":
        control.pause(house, batch, who=who)
    elif verb == "resume":
        control.resume(house, batch, who=who)
    elif verb == "cancel":
        control.cancel(house, batch, who=who)
    else:
        control.retry(house, batch, who=who)
