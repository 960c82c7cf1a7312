"""The calls that do over HTTP what a batch's page does, to paste into a shell. They hold no secret: whoever runs them
brings a token of his own. Pure."""

import shlex
from dataclasses import dataclass
from urllib.parse import urlencode

from app.errors import Language
from app.services.shapes import BatchView
from app.web.words import word

_AUTH = 'curl -H "Authorization: Bearer $TOKEN"'


@dataclass
class Snippet:
    """A call; ``key`` is the id of the element that shows it."""

    key: str
    title: str
    note: str
    text: str


def snippets(batch: BatchView, house: str, language: Language) -> list[Snippet]:
    """The calls for ``batch`` in a house at the address ``house``."""
    one = f'"$API/batches/{batch.id}'
    calls = {
        "setup": f"API={shlex.quote(house.rstrip('/') + '/api/v1')}\nread -rs TOKEN",
        "submit": _submit(batch),
        "look": f'{_AUTH} {one}"',
        "events": f'{_AUTH} -N {one}/events"',
        "export": f'{_AUTH} -OJ {one}/export?format=csv&layout=wide&bom=1"',
        "retry": f'{_AUTH} --json \'{{"first": 100}}\' {one}/retry"',
        "cancel": f'{_AUTH} -X POST {one}/cancel"',
    }
    return [
        Snippet(f"curl-{key}", word(f"curl_{key}", language), word(f"curl_{key}_note", language), text)
        for key, text in calls.items()
    ]


def _submit(batch: BatchView) -> str:
    """Keywords of a file to the same sources, in the same way."""
    options: list[tuple[str, str]] = [("sources", source.name) for source in batch.sources]
    options += [("tags", tag) for tag in batch.tags]
    options += [("priority", batch.priority)] if batch.priority != "default" else []
    options += [("max_age", str(batch.max_age_s))] if batch.max_age_s else []
    # urlencode leaves nothing that a shell would act on within quotes
    return (
        f"{_AUTH} -H 'Content-Type: text/plain' \\\n  --data-binary @keywords.txt \"$API/batches?{urlencode(options)}\""
    )
