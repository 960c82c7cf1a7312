"""How long the house keeps what belongs to batches."""

from pydantic import Field

from app.settings.base import HouseSettings


class KeepingSettings(HouseSettings):
    """Days from the end of a batch; nothing of a batch that goes on is ever cleaned away."""

    keep_events_days: int | None = Field(
        None, ge=1, description="days that superseded readings and acts of ended batches are kept; empty = for ever"
    )
    keep_readings_days: int | None = Field(
        None, ge=1, description="days that readings of ended batches are kept; empty = for ever"
    )
    keep_items_days: int | None = Field(
        None, ge=1, description="days that keywords of ended batches are kept, and with them readings; empty = for ever"
    )
