"""Spans made with OpenTelemetry and sent over OTLP/HTTP. Loaded by `app.traces` alone, and only where it is wanted."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from app.traces import Carrier, Kind, Value

_KINDS = {"internal": SpanKind.INTERNAL, "server": SpanKind.SERVER, "client": SpanKind.CLIENT}
#: A receiver that does not answer is given so many seconds.
_PATIENCE_S = 2
_handed_on = TraceContextTextMapPropagator()


class _Tracer:
    """One a process. What cannot be sent is let go."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("keybatch")

    def span(
        self, name: str, kind: Kind, parent: Carrier | None, link: Carrier | None, facts: Mapping[str, Value]
    ) -> AbstractContextManager[object]:
        context = _handed_on.extract(parent) if parent else None
        before = trace.get_current_span(_handed_on.extract(link)).get_span_context() if link else None
        links = [Link(before)] if before is not None and before.is_valid else []
        return self._tracer.start_as_current_span(
            name, context=context, kind=_KINDS[kind], links=links, attributes=_named(facts)
        )

    def note(self, name: str, facts: Mapping[str, Value]) -> None:
        under_way = trace.get_current_span()
        under_way.set_attributes(_named(facts))
        if name:
            under_way.update_name(name)

    def carrier(self) -> dict[str, str]:
        found: dict[str, str] = {}
        _handed_on.inject(found)
        return found

    def flush(self, ms: int) -> None:
        self._provider.force_flush(ms)


def _named(facts: Mapping[str, Value]) -> dict[str, Value]:
    return {f"keybatch.{name}": value for name, value in facts.items()}


def tracer(url: str, process: str) -> _Tracer:
    """What sends spans of ``process`` to ``url``."""
    provider = TracerProvider(resource=Resource.create({"service.name": "keybatch", "service.instance.id": process}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=_PATIENCE_S)))
    return _Tracer(provider)
