"""What the simulator is told, at the start or later through ``/_sim/config``."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from tests.simulators.naver.faults import Fault
from tests.simulators.naver.services import SERVICES

CLIENT_ID = "sim-client"
CLIENT_SECRET = "sim-secret"


@dataclass(frozen=True)
class Config:
    """``rate`` is calls in any sliding second; "platform" stands for each platform's own (10 or 50), None for no
    limit. ``daily_quota`` likewise, in calls a day of Seoul. ``now``: the wall clock starts there (milliseconds since
    1970), None for the real one. ``disabled`` services are not enabled for the applications."""

    platform: str = "both"
    latency_ms: float = 0.0
    rate: int | str | None = "platform"
    daily_quota: int | None = 25_000
    clients: Mapping[str, str] = field(default_factory=lambda: {CLIENT_ID: CLIENT_SECRET})
    disabled: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    seed: int = 0
    now: int | None = None
    keep_alive_s: float = 5.0

    def __post_init__(self) -> None:
        for fault in self.faults:
            Fault.parse(fault)
        wrong = [name for name in self.disabled if name not in SERVICES]
        if wrong or self.platform not in {"legacy", "hub", "both"}:
            raise ValueError(f"no such service or platform: {', '.join(wrong) or self.platform}")
        if isinstance(self.rate, str) and self.rate != "platform":
            raise ValueError("rate is a whole number, null for none, or platform")

    def rate_on(self, platform: str) -> int | None:
        """Calls in any second on ``platform``."""
        if isinstance(self.rate, str):
            return 50 if platform == "hub" else 10
        return self.rate

    def changed(self, changes: Mapping[str, Any]) -> "Config":
        """With ``changes`` over it, as JSON gives them. Raises ValueError."""
        unknown = changes.keys() - {each.name for each in fields(self)}
        if unknown:
            raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")
        values = {name: tuple(value) if isinstance(value, list) else value for name, value in changes.items()}
        if isinstance(values.get("now"), str):
            values["now"] = int(datetime.fromisoformat(values["now"]).timestamp() * 1000)
        return replace(self, **values)

    def as_json(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "clients"}
