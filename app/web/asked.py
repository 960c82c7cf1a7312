"""What is wanted of the list of batches, as the address of its page says it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlencode
from zoneinfo import ZoneInfo

from app import clock
from app.services import listing
from app.services.listing import Fits
from app.web import cells

ROUTE = "/batches"
#: States in the order of their switches: what goes on first.
STATES = ("running", "queued", "waiting", "paused", "cancelling", "cancelled", "completed")
#: Spans of time by how many days they reach back, today included.
TIMES: Mapping[str, int] = {"today": 1, "7d": 7, "30d": 30}
#: The filters of which one value is chosen.
PARTS = ("source", "owner", "tag", "time", "from", "to", "q")
_MOST = 200


@dataclass(frozen=True)
class Asked:
    """What the address wants: filters, and under (``before``) or over (``after``) which id the page begins. ``values``
    holds the filters that are set, by their names (`PARTS`)."""

    states: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    before: int | None = None
    after: int | None = None

    def __getitem__(self, part: str) -> str:
        return self.values.get(part, "")

    @property
    def filtered(self) -> bool:
        return bool(self.states or self.values)

    @property
    def timed(self) -> bool:
        return bool(self["time"] or self["from"] or self["to"])

    def query(self) -> str:
        """The query that says so."""
        said = {"state": ",".join(self.states), **self.values}
        said |= {"before": str(self.before or ""), "after": str(self.after or "")}
        return urlencode({name: value for name, value in said.items() if value}, safe=",")

    def address(self) -> str:
        """The address that says so."""
        query = self.query()
        return f"{ROUTE}?{query}" if query else ROUTE

    def at(self, *, before: int | None = None, after: int | None = None) -> str:
        """The address of another page of the same."""
        return Asked(self.states, self.values, before, after).address()

    def but(self, part: str, value: str) -> "Asked":
        """The first page with another value of ``part``, "" = without it."""
        # A span of its own and days of one's own say the same thing in two ways.
        gone = {"time": ("from", "to"), "from": ("time",), "to": ("time",)}.get(part, ())
        values = {**{name: old for name, old in self.values.items() if name not in gone}, part: value}
        return _checked(self.states, values)

    def toggled(self, state: str) -> "Asked":
        """The first page with that state switched on or off."""
        on = set(self.states) ^ {state}
        return Asked(tuple(one for one in STATES if one in on), self.values)

    def fits(self) -> Fits:
        """As the database is asked now. Raises BadValue."""
        since, until = _span(self, clock.now_ms())
        return listing.fitting(
            states=self.states,
            source=self["source"],
            owner=self["owner"],
            tag=self["tag"],
            q=self["q"],
            since=since,
            until=until,
        )


def asked(query: str) -> Asked:
    """What the query of an address wants; what it says that means nothing is left out."""
    given = {name: found[0] for name, found in parse_qs(query).items()}
    states = given.get("state", "").split(",")
    found = _checked(tuple(one for one in STATES if one in states), {part: given.get(part, "") for part in PARTS})
    before, after = _id(given.get("before", "")), _id(given.get("after", ""))
    return replace(found, before=before, after=after if before is None else None)


def _checked(states: tuple[str, ...], values: Mapping[str, str]) -> Asked:
    plain = {part: "".join(c for c in values.get(part, "") if c.isprintable()).strip()[:_MOST] for part in PARTS}
    plain["time"] = plain["time"] if plain["time"] in TIMES else ""
    for day in ("from", "to"):
        plain[day] = "" if plain["time"] or _day(plain[day]) is None else plain[day]
    return Asked(states, {part: value for part, value in plain.items() if value})


def _id(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None


def _day(given: str) -> date | None:
    try:
        found = date.fromisoformat(given)
    except ValueError:
        return None
    return found if 2000 <= found.year < 3000 else None


def _span(wanted: Asked, now: int) -> tuple[int | None, int | None]:
    """From when on and before when, in UTC ms; days are those of Korea."""
    today = clock.at(now, cells.ZONE).date()
    if wanted["time"]:
        return _midnight(today - timedelta(days=TIMES[wanted["time"]] - 1)), None
    first, last = _day(wanted["from"]), _day(wanted["to"])
    return _midnight(first) if first else None, _midnight(last + timedelta(days=1)) if last else None


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(cells.ZONE)).timestamp() * 1000)
