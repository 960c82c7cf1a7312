"""Jobs that broke, and browsers that look at them, for tests of /rq."""

from typing import Any

import pytest
from rq import SimpleWorker

from app.services import cookies
from app.services.house import House
from tests.face.api import Api
from tests.face.signed_in import browser_of

KEYWORD = "맥북에어"
SOURCE = "wordfreq.ko"
QUEUE = "default-wordfreq"


def breaks(batch: int, source: str, lane: int, generation: int) -> None:
    raise RuntimeError(f"<img src=x> lane {lane}")


def run_out(house: House, monkeypatch: pytest.MonkeyPatch, queue: str = QUEUE) -> None:
    """Let a worker of this process run what is queued; every slice breaks."""
    monkeypatch.setattr("workers.jobs.run_slice", breaks)
    SimpleWorker([queue], connection=house.redis).work(burst=True, logging_level="CRITICAL")


class Browser:
    """Somebody's browser; ``signed_in`` unless he is nobody."""

    def __init__(self, api: Api, name: str = "지민", role: str = "owner", workspace: str = "main") -> None:
        browser_of(api.house)  # the first is the owner
        self.client, self.cookies = api.client, {}
        if name:
            self.cookies = browser_of(api.house, name, role if name != "지민" else "", workspace)

    def send(self, method: str, path: str, *, proof: bool = False) -> Any:
        headers = {"cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        if proof:
            headers["x-csrf-token"] = self.cookies.get(cookies.CSRF, "none")
        return self.client.request(method, path, headers=headers, follow_redirects=False)
