"""The older batch guide over the wire, in its own words."""

from typing import Literal

from pydantic import BaseModel, Field


class NewJob(BaseModel):
    """A job to be made."""

    keywords: list[str] = Field(examples=[["맥북", "에어팟"]])


class JobMade(BaseModel):
    """A job was made."""

    success: Literal[True]
    jobId: str = Field(examples=["17"])  # noqa: N815 -- its name on the wire
    message: str


class Progress(BaseModel):
    """How far a job is."""

    current: int = Field(description="keywords that all sources have answered")
    total: int


class JobResult(BaseModel):
    """One keyword."""

    keyword: str = Field(description="as it was given")
    counts: dict[str, int | float | None] = Field(
        description="documents by channel; null where there is no number", examples=[{"blog": 12543, "cafe": None}]
    )
    states: dict[str, str] | None = Field(
        None, description="why there is no number, by channel, where there is none", examples=[{"cafe": "failed"}]
    )


class Job(BaseModel):
    """A job as it stands."""

    id: str
    status: Literal["pending", "processing", "completed", "failed"] = Field(description="failed: it was cancelled")
    progress: Progress
    results: list[JobResult] = Field(description="keywords that are done; all of them once the job has ended")


class JobStatus(BaseModel):
    """A job."""

    success: Literal[True]
    job: Job


class JobError(BaseModel):
    """An error of the older batch guide."""

    success: Literal[False]
    error: str = Field(description="what happened and what to do next")
