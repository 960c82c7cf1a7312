"""Who works, over the wire."""

from pydantic import BaseModel, Field

from app.api.schemas.batches import Instant


class Worker(BaseModel):
    """A worker process."""

    name: str
    host: str
    pid: int
    state: str = Field(examples=["busy"], description="idle, busy, suspended or started")
    queues: list[str] = Field(description="what it serves, the most urgent first", examples=[["high-naver"]])
    doing: str | None = Field(description="for people; null while it does nothing, or another workspace's work")
    batch: int | None = Field(description="whose slice it works on")
    source: str | None = Field(examples=["naver.blog"])
    done: int = Field(description="jobs done since it started")
    failed: int = Field(description="jobs that broke since it started")
    since: Instant | None
    seen_at: Instant | None = Field(description="its last sign of life")


class Queue(BaseModel):
    """A queue of work."""

    name: str = Field(examples=["default-naver"])
    waiting: int = Field(description="jobs that nobody works on yet")
    running: int
    failed: int = Field(description="jobs that broke within a week; what they left is worked on again")


class Scheduler(BaseModel):
    """A process that says when things happen."""

    name: str
    host: str
    pid: int
    since: Instant | None
    seen_at: Instant | None
    active: bool = Field(description="whether it is the one that does; the others stand by")


class Workers(BaseModel):
    """Workers, queues and schedulers."""

    workers: list[Worker]
    queues: list[Queue]
    schedulers: list[Scheduler] = Field(description="without one, nothing is healed and no wait ends")
