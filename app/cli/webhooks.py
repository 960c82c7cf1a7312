"""``webhooks``: tell programs elsewhere what happens to batches; try it, see what arrived, send it again."""

import sys
import time
from typing import Annotated, Any

import typer

from app.cli import given, output, words
from app.db.migrate import require_current
from app.services import deliveries
from app.services import webhooks as service
from app.services.callers import OPERATOR
from app.services.house import House
from app.services.outbox import EVENTS

app = typer.Typer(no_args_is_help=True, help="Webhooks: add, list, test, see what they were told.")
WebhookId = Annotated[int, typer.Argument(metavar="ID", min=1, help="The id of the webhook.")]
#: How long a message that was sent by hand is watched, in seconds.
PATIENCE_S = 15.0


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Where messages are posted.")],
    event: Annotated[
        list[str] | None,
        typer.Option(help=f"{', '.join(EVENTS)}; may be given more than once. All but the last if not given."),
    ] = None,
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Make a webhook. Standard output is its secret, once."""
    with output.house() as house:
        require_current(house.db)
        made, secret = service.create(house, OPERATOR, url, event or service.DEFAULT, description)
    sys.stdout.write(f"{secret}\n")
    output.note(words.WEBHOOK_MADE, webhook=made["id"])


@app.command("list")
def listing(as_json: given.AsJson = False) -> None:
    """List the webhooks."""
    with output.house() as house:
        require_current(house.db)
        found = service.listing(house, OPERATOR)
    if as_json:
        output.print_json(found)
    elif not found:
        output.note(words.NO_WEBHOOKS)
    else:
        rows = [
            [
                str(one["id"]),
                words.SWITCHED[one["why_off"]].say(),
                " ".join(one["events"]),
                one["url"],
                one["description"],
            ]
            for one in found
        ]
        output.print_table(words.WEBHOOK_HEADS, rows)


@app.command()
def remove(webhook: WebhookId) -> None:
    """Forget a webhook, its secret and its log."""
    with output.house() as house:
        require_current(house.db)
        service.remove(house, OPERATOR, webhook)
    output.note(words.WEBHOOK_GONE, webhook=webhook)


@app.command()
def test(webhook: WebhookId) -> None:
    """Send a test message and see whether it arrives. The scheduler sends it."""
    with output.house() as house:
        require_current(house.db)
        raise typer.Exit(_watch(house, deliveries.test(house, OPERATOR, webhook)))


@app.command("deliveries")
def log(
    webhook: WebhookId,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
    as_json: given.AsJson = False,
) -> None:
    """List what a webhook was told, the newest first."""
    with output.house() as house:
        require_current(house.db)
        found, _ = deliveries.listing(house, OPERATOR, webhook, limit=limit)
    if as_json:
        output.print_json(found)
    elif not found:
        output.note(words.NOTHING_TOLD, webhook=webhook)
    else:
        output.print_table(words.DELIVERY_HEADS, [_line(one) for one in found], right=(4,))


@app.command()
def resend(delivery: Annotated[str, typer.Argument(metavar="DELIVERY", help="As msg_….")]) -> None:
    """Send a message again now, whatever became of it."""
    with output.house() as house:
        require_current(house.db)
        raise typer.Exit(_watch(house, deliveries.resend(house, OPERATOR, delivery)))


def _line(one: dict[str, Any]) -> list[str]:
    last = one["tries"][-1] if one["tries"] else None
    said = f"{last['status'] or ''} {output.one_line(last['detail'], 80)}".strip() if last else ""
    state, batch = words.DELIVERED[one["state"]].say(), str(one["batch"] or "")
    return [one["id"], state, one["event"], batch, str(one["attempts"]), one["created_at"], one["due_at"] or "", said]


def _watch(house: House, sent: dict[str, Any]) -> int:
    """What came of the try that follows; the exit code."""
    deadline, now = time.monotonic() + PATIENCE_S, sent
    while now["tries"] == sent["tries"] and time.monotonic() < deadline:
        time.sleep(0.2)
        now = deliveries.one(house, OPERATOR, sent["id"])
    if now["tries"] == sent["tries"]:
        output.note(words.NOT_TRIED_YET, message=sent["id"])
        return output.FAILED
    last = now["tries"][-1]
    if now["state"] == "delivered":
        output.note(words.ARRIVED, status=last["status"], ms=last["ms"])
        return output.DONE
    output.note(words.NOT_ARRIVED, status=last["status"] or "-", detail=output.one_line(last["detail"]))
    return output.FAILED
