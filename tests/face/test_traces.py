"""Traces: one from request to submit, another from the slice on, linked to it; nothing where none is wanted."""

import asyncio
import subprocess
import sys

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from rq import Queue

from app import traces, tracing
from app.api.guard import Guard
from app.api.main import build_api
from app.api.requests import Requests
from app.errors import BadSetting
from app.queue import Slice
from tests.face.api import HOME, Api, TestClient
from tests.stage import ROOT
from workers.engine.run import run_slice

CAME = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    kept = InMemorySpanExporter()
    provider = TracerProvider(resource=Resource.create({}), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(traces, "_tracer", [tracing._Tracer(provider)])
    return kept


def by_name(spans: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in spans.get_finished_spans()}


def test_a_batch_can_be_followed_from_its_request_to_its_flushes(api: Api, spans: InMemorySpanExporter):
    client = TestClient(Requests(Guard(build_api(api.house))), base_url=HOME)
    header = {"authorization": f"Bearer {api.token}", "traceparent": CAME}
    body = {"keywords": ["a secret keyword"], "sources": ["wordfreq.ko"]}
    batch = client.post("/api/v1/batches", json=body, headers=header).json()["id"]
    [job] = Queue("default-wordfreq", connection=api.house.redis).jobs
    with traces.span("slice", link=job.meta, batch=batch):
        asyncio.run(run_slice(api.house, Slice(*job.args), "by hand"))

    found = by_name(spans)
    request, submit, piece, flush = (found[name] for name in ("POST /api/v1/batches", "submit", "slice", "flush"))
    assert f"{request.context.trace_id:032x}" == CAME.split("-")[1]
    assert submit.parent is not None
    assert submit.parent.span_id == request.context.span_id
    assert [link.context.span_id for link in piece.links] == [submit.context.span_id]
    assert piece.context.trace_id != request.context.trace_id
    assert flush.context.trace_id == piece.context.trace_id
    assert (request.attributes["keybatch.status"], piece.attributes["keybatch.batch"]) == (202, batch)
    told = str([(span.name, dict(span.attributes or {})) for span in spans.get_finished_spans()])
    assert "secret keyword" not in told


def test_what_came_and_is_no_trace_begins_a_new_one(api: Api, spans: InMemorySpanExporter):
    client = TestClient(Requests(Guard(build_api(api.house))), base_url=HOME)
    client.get("/api/v1/me", headers={"authorization": f"Bearer {api.token}", "traceparent": "00-nonsense"})
    assert by_name(spans)["GET /api/v1/me"].parent is None


def test_where_none_are_wanted_nothing_is_loaded():
    program = (
        "import sys; from app import traces; import workers.main; traces.start('', 'worker')\n"
        "with traces.span('x', batch=1): traces.note('y')\n"
        "assert traces.carrier() == {}; traces.flush()\n"
        "sys.exit(any(name.startswith(('opentelemetry.exporter', 'app.tracing')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_packages_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(traces, "_tracer", [])
    monkeypatch.setitem(sys.modules, "app.tracing", None)
    with pytest.raises(BadSetting, match=r"requirements-traces\.txt"):
        traces.start("http://127.0.0.1:4318/v1/traces", "web")
