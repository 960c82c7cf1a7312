"""Webhooks over HTTP: keep, try, and see what became of each message."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from app.api.deps import Admin, TheHouse
from app.api.schemas import webhooks as schemas
from app.api.schemas.problems import PROBLEMS
from app.services import deliveries, webhooks

router = APIRouter(prefix="/api/v1", tags=["webhooks"])
WebhookId = Annotated[int, Path(ge=1, le=2**63 - 1, description="the webhook's id", examples=[1])]
DeliveryId = Annotated[
    str, Path(pattern=r"^msg_[0-9a-f]{24}$", description="its id", examples=["msg_0123456789abcdef01234567"])
]


@router.get("/webhooks", response_model=schemas.Webhooks, summary="All webhooks")
def listing(house: TheHouse, who: Admin) -> dict[str, Any]:
    """Those of the caller's workspace, the oldest first."""
    return {"webhooks": webhooks.listing(house, who)}


@router.post(
    "/webhooks",
    status_code=201,
    response_model=schemas.WebhookMade,
    responses=PROBLEMS(400),
    summary="Make a webhook",
)
def create(house: TheHouse, who: Admin, new: schemas.NewWebhook, response: Response) -> dict[str, Any]:
    """From now on the address is told what happens to batches, by POST, signed as
    [Standard Webhooks](https://www.standardwebhooks.com) has it: `webhook-id`, `webhook-timestamp` and
    `webhook-signature`, with `{"type", "timestamp", "data"}` in the body. Answer 2xx within 10 seconds; anything else
    is tried again for a day, 410 switches the webhook off. Messages about one batch come in order, each perhaps more
    than once."""
    made, secret = webhooks.create(house, who, new.url, new.events, new.description)
    response.headers["location"] = f"/api/v1/webhooks/{made['id']}"
    return {**made, "secret": secret}


@router.get(
    "/webhooks/{webhook_id}",
    response_model=schemas.Webhook,
    responses=PROBLEMS(404),
    summary="One webhook",
)
def one(house: TheHouse, who: Admin, webhook_id: WebhookId) -> dict[str, Any]:
    """All but its secret."""
    return webhooks.one(house, who, webhook_id)


@router.patch(
    "/webhooks/{webhook_id}",
    response_model=schemas.Webhook,
    responses=PROBLEMS(400, 404),
    summary="Change a webhook",
)
def change(house: TheHouse, who: Admin, webhook_id: WebhookId, given: schemas.WebhookChange) -> dict[str, Any]:
    """What is left out stays as it is."""
    return webhooks.change(
        house,
        who,
        webhook_id,
        url=given.url,
        events_=given.events,
        description=given.description,
        active=given.active,
    )


@router.delete("/webhooks/{webhook_id}", status_code=204, responses=PROBLEMS(404), summary="Forget a webhook")
def remove(house: TheHouse, who: Admin, webhook_id: WebhookId) -> None:
    """With its secret and the log of what it was told."""
    webhooks.remove(house, who, webhook_id)


@router.post(
    "/webhooks/{webhook_id}/rotate",
    response_model=schemas.WebhookMade,
    responses=PROBLEMS(404),
    summary="A new secret",
)
def rotate(house: TheHouse, who: Admin, webhook_id: WebhookId) -> dict[str, Any]:
    """Both secrets sign every message for 24 hours; then the new one alone."""
    made, secret = webhooks.rotate(house, who, webhook_id)
    return {**made, "secret": secret}


@router.post(
    "/webhooks/{webhook_id}/test",
    status_code=202,
    response_model=schemas.Delivery,
    responses=PROBLEMS(400, 404),
    summary="Send a test message",
)
def test(house: TheHouse, who: Admin, webhook_id: WebhookId) -> dict[str, Any]:
    """One `webhook.test`, tried once, now; the delivery's own address says what came of it."""
    return deliveries.test(house, who, webhook_id)


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    response_model=schemas.Deliveries,
    responses=PROBLEMS(404),
    summary="What a webhook was told",
)
def log(
    house: TheHouse,
    who: Admin,
    webhook_id: WebhookId,
    state: Annotated[schemas.State | None, Query(description="only those in this state")] = None,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="the `next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="how many at most")] = 50,
) -> dict[str, Any]:
    """Newest first, with every try. What is done with is kept for 30 days."""
    found, following = deliveries.listing(house, who, webhook_id, state=state or "", before=before, limit=limit)
    return {"deliveries": found, "next": following}


@router.get(
    "/deliveries/{delivery_id}",
    response_model=schemas.Delivery,
    responses=PROBLEMS(404),
    summary="One delivery",
)
def delivery(house: TheHouse, who: Admin, delivery_id: DeliveryId) -> dict[str, Any]:
    """One message, and what became of it."""
    return deliveries.one(house, who, delivery_id)


@router.post(
    "/deliveries/{delivery_id}/resend",
    status_code=202,
    response_model=schemas.Delivery,
    responses=PROBLEMS(400, 404),
    summary="Send a message again",
)
def resend(house: TheHouse, who: Admin, delivery_id: DeliveryId) -> dict[str, Any]:
    """A try now of the same message, whatever became of it, and of those before it about the same batch."""
    return deliveries.resend(house, who, delivery_id)
