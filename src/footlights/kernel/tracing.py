"""Traces of requests, jobs, database statements and outgoing calls, for whoever runs an OpenTelemetry collector.

Off until OTEL_EXPORTER_OTLP_ENDPOINT (or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) is set; then nothing of OpenTelemetry is
even imported. The SDK's own variables say the rest: headers, sampling, the service's name. The instrumentations that
exist write whole addresses, exceptions' messages and senders' addresses into spans. Ours never hold a value that
somebody sent: names of routes, jobs and hosts, statements without their values, kinds of errors.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache
from threading import Lock
from typing import Any, Literal

import structlog
from psycopg.sql import Composable

Kind = Literal["server", "client", "consumer"]
Attribute = str | int

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
SEND_EVERY_MS = 1_000  # a process that is killed loses no more than this
FLUSH_MS = 2_000
STATEMENT_MAX = 2_000
WRITTEN_OUT = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")
_making = Lock()


class Span:
    """What is being done. This one is nobody's: tracing is off, or what it is part of is not recorded."""

    def rename(self, name: str) -> None:
        pass

    def note(self, **attributes: Attribute) -> None:
        """Names are written with `__` where OpenTelemetry has a dot."""

    def fail(self, error_type: str) -> None:
        pass


class _Recorded(Span):
    def __init__(self, span: Any) -> None:
        self._span = span
        self.is_kept: bool = span.is_recording()
        self.trace_id = format(span.get_span_context().trace_id, "032x")

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def note(self, **attributes: Attribute) -> None:
        self._span.set_attributes({name.replace("__", "."): value for name, value in attributes.items()})

    def fail(self, error_type: str) -> None:
        from opentelemetry.trace import StatusCode  # noqa: PLC0415  only when it is on

        self.note(error__type=error_type)
        self._span.set_status(StatusCode.ERROR)


NOT_RECORDED = Span()
_current: ContextVar[Any | None] = ContextVar("footlights_tracer", default=None)


def is_on() -> bool:
    return any(os.environ.get(name) for name in ENDPOINTS) and os.environ.get("OTEL_SDK_DISABLED") != "true"


def begin(name: str, *, kind: Kind, **attributes: Attribute) -> AbstractContextManager[Span]:
    """A trace of its own: a request, a job. Its id stands in every log line meanwhile."""
    tracer = _tracer()
    return _beginning(tracer, name, kind, attributes) if tracer else nullcontext(NOT_RECORDED)


def span(name: str, *, kind: Kind, **attributes: Attribute) -> AbstractContextManager[Span]:
    """A part of the trace that was begun; outside of one, nothing."""
    tracer = _current.get()
    return _recorded(tracer, name, kind, attributes) if tracer else nullcontext(NOT_RECORDED)


def statement(sql: object) -> AbstractContextManager[Span]:
    """A database statement, without the values it is run with, and without those that are written in it."""
    if not _current.get():
        return nullcontext(NOT_RECORDED)
    text = sql.as_string(None) if isinstance(sql, Composable) else sql.decode() if isinstance(sql, bytes) else str(sql)
    text = WRITTEN_OUT.sub("?", text)[:STATEMENT_MAX]
    operation = (text.split(maxsplit=1) or ["?"])[0].upper()
    return span(
        operation, kind="client", db__system__name="postgresql", db__operation__name=operation, db__query__text=text
    )


def of_django(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  Django's
    """Django's `execute_wrapper`."""
    with statement(sql):
        return execute(sql, params, many, context)


def flush() -> None:
    """Send what is left; for a process that is about to end."""
    if tracer := _tracer():
        tracer.span_processor.force_flush(FLUSH_MS)


@contextmanager
def _beginning(tracer: Any, name: str, kind: Kind, attributes: dict[str, Attribute]) -> Iterator[Span]:
    with _recorded(tracer, name, kind, attributes) as one:
        token = _current.set(tracer if one.is_kept else None)
        try:
            with structlog.contextvars.bound_contextvars(trace_id=one.trace_id):
                yield one
        finally:
            _current.reset(token)


@contextmanager
def _recorded(tracer: Any, name: str, kind: Kind, attributes: dict[str, Attribute]) -> Iterator[_Recorded]:
    from opentelemetry.trace import SpanKind  # noqa: PLC0415  only when it is on

    with tracer.start_as_current_span(
        name, kind=SpanKind[kind.upper()], record_exception=False, set_status_on_exception=False
    ) as made:
        one = _Recorded(made)
        one.note(**attributes)
        try:
            yield one
        except BaseException as error:
            one.fail(type(error).__name__)  # its message may hold what somebody sent
            raise


def _tracer() -> Any | None:
    """Made by each process on first need, after it was forked."""
    with _making:
        return _made()


@cache
def _made() -> Any | None:
    if not is_on():
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415  as above
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415  as above
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415  as above
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415  as above

    name = os.environ.get("OTEL_SERVICE_NAME") or "footlights"
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(), schedule_delay_millis=SEND_EVERY_MS))
    return provider.get_tracer("footlights")
