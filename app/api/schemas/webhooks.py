"""Webhooks and their deliveries over the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.services.outbox import EVENTS
from app.services.webhooks import DEFAULT, MAX_DESCRIPTION, MAX_URL

Event = Literal["batch.completed", "batch.cancelled", "batch.waiting", "batch.readings"]
assert set(EVENTS) == {"batch.completed", "batch.cancelled", "batch.waiting", "batch.readings"}  # for the OpenAPI
State = Literal["pending", "delivered", "failed"]
Instant = Annotated[str, Field(description="UTC", examples=["2026-11-21T03:04:05.678Z"])]
Url = Annotated[
    str,
    Field(
        min_length=8,
        max_length=MAX_URL,
        pattern=r"^https?://[!-~]+$",
        description="where messages are posted; a private address only where the house allows it",
        examples=["https://hooks.example/keybatch"],
    ),
]
Description = Annotated[str, Field(max_length=MAX_DESCRIPTION, examples=["알림 서버"])]
Events = Annotated[
    list[Event],
    Field(
        min_length=1,
        max_length=10,
        description="`batch.readings`: the readings themselves, up to 1,000 a message, each in exactly one",
        examples=[list(DEFAULT)],
    ),
]


class NewWebhook(BaseModel):
    """A webhook to be made."""

    model_config = ConfigDict(extra="forbid")

    url: Url
    events: Events = list(DEFAULT)
    description: Description = ""


class WebhookChange(BaseModel):
    """What is to be changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    url: Url | None = None
    events: Events | None = None
    description: Description | None = None
    active: bool | None = Field(
        None, description="switched off, it is sent nothing; switched on again, it goes on where it was"
    )


class Webhook(BaseModel):
    """Where messages go. It is told of the batches of its workspace that are submitted after it was made."""

    id: int = Field(examples=[1])
    url: str
    events: list[Event]
    description: str
    active: bool
    why_off: Literal["person", "gone"] | None = Field(description="gone: the receiver answered 410")
    created_at: Instant
    changed_at: Instant


class WebhookMade(Webhook):
    """A webhook with its secret."""

    secret: str = Field(
        description="signs every message, as Standard Webhooks has it; shown this once",
        examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )


class Webhooks(BaseModel):
    """All webhooks of the workspace, the oldest first."""

    webhooks: list[Webhook]


class Try(BaseModel):
    """One try."""

    at: Instant
    status: int | None = Field(description="the HTTP status; null where no answer came")
    ms: int
    detail: str = Field(description="the beginning of what was answered, or what went wrong")


class Delivery(BaseModel):
    """One message to one webhook."""

    id: str = Field(description="the `webhook-id` that the receiver sees, the same at every try", examples=["msg_0f"])
    webhook: int
    batch: int | None
    event: str = Field(examples=["batch.completed"], description="of a test: `webhook.test`")
    from_seq: int | None = Field(description="of `batch.readings`: its first reading")
    to_seq: int | None = Field(description="its last one")
    state: State
    attempts: int
    created_at: Instant
    due_at: Instant | None = Field(description="when it is tried next; null while its webhook is switched off")
    done_at: Instant | None
    tries: list[Try] = Field(description="the last 20, the oldest first")


class Deliveries(BaseModel):
    """Messages, newest first."""

    deliveries: list[Delivery]
    next: int | None = Field(description="give it as `before` for the following ones; null when there are none")
