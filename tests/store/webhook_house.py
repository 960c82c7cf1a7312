"""A house with webhooks, and the courier's work by hand: its store's side, with answers given here."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.db.database import Database
from app.services import batches, posting, slices, webhooks
from app.services.callers import OPERATOR
from app.services.house import House, open_house
from app.services.posting import Answer, Parcel
from app.services.waits import Waiting
from app.settings import Settings
from app.vault import new_key
from tests.stage import environment
from tests.store.working import lanes, outcome, take_lane

KO = "wordfreq.ko"
URL = "https://hooks.example/keybatch"
EVERYTHING = ("batch.completed", "batch.cancelled", "batch.waiting", "batch.readings")
WELL = Answer(204, 5)
BAD = Answer(500, 5, "no")


@contextmanager
def keyed_house(database: Database, settings_of: dict[str, str], **more: str) -> Iterator[House]:
    """A house on that database that can seal."""
    with environment({**settings_of, "KEYBATCH_ENCRYPTION_KEY": new_key(), **more}):
        house = open_house(Settings(database_url=database.url.render_as_string(hide_password=False)))
        yield house
        house.close()


def hook(house: House, *events: str, url: str = URL) -> int:
    made, _ = webhooks.create(house, OPERATOR, url, events or EVERYTHING)
    return int(made["id"])


def submitted(house: House, count: int) -> int:
    return batches.submit(house, [f"키워드 {n}" for n in range(count)], [KO]).batch


def read(house: House, batch: int, count: int, *, piece: int = 500, waiting: Waiting | None = None) -> None:
    """Read the next so many lookups of a batch, the last ones of which complete it; then let it wait if it has to."""
    [(source, number, generation), *_] = lanes(house, batch)
    lane = take_lane(house, batch, source, number, generation + 1)
    assert lane is not None
    found = slices.claim(house, lane, count)
    for start in range(0, len(found), piece):
        slices.flush(house, lane, [outcome(one) for one in found[start : start + piece]], len(found))
    finished = batches.get(house, batch).state == "completed"
    slices.release(house, lane, len(found), finished=finished, waiting=waiting)


def bring(house: House, answer: Answer = WELL, *, room: int = 20) -> list[Parcel]:
    """One look of the courier: everything that it takes in hand gets ``answer``."""
    parcels = posting.collect(house, room, {})
    for parcel in parcels:
        posting.done(house, parcel, answer)
    return parcels


def bring_all(house: House, answer: Answer = WELL) -> list[Parcel]:
    """Looks until nothing is due."""
    brought: list[Parcel] = []
    while found := bring(house, answer):
        brought += found
    return brought
