"""For tests: run the background jobs that a real worker would run, here and now; serve HTTP; collect traces."""

import asyncio
import gzip
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self, TypeVar

from django.db import connections
from django.db.models import Q
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SentSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from footlights.kernel.clock import now

ROUNDS_MAX = 500
Result = TypeVar("Result")


def run_jobs(*, until: datetime | None = None, only: str = "", but: str = "nothing") -> int:
    """Run the synchronous jobs that are due by `until` (by default now), and those they defer; returns how many ran.

    An exception of a job reaches the test. With `only`, jobs whose name does not contain it stay where they are; those
    whose name contains `but` too.
    """
    for ran in range(ROUNDS_MAX):
        is_due = Q(scheduled_at=None) | Q(scheduled_at__lte=until or now())
        due = ProcrastinateJob.objects.filter(is_due, status="todo", task_name__contains=only)
        job = due.exclude(task_name__contains=but).order_by("id").first()
        if job is None:
            return ran
        ProcrastinateJob.objects.filter(pk=job.pk).update(status="succeeded")
        app.tasks[job.task_name].func(**job.args)
    raise AssertionError(f"more than {ROUNDS_MAX} jobs: something defers itself for ever")


@dataclass(frozen=True, slots=True)
class Collected:
    """One span, as a collector reads it."""

    name: str
    kind: str
    trace: str
    id: str
    parent: str  # "" for the first of a trace
    attributes: dict[str, str | int]
    is_failed: bool


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A real HTTP server, on a port of its own while the block lasts; its address, without a slash at the end."""
    quiet = type("Quiet", (handler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), quiet)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def run_apart(work: Coroutine[Any, Any, Result]) -> Result:
    """Run it in a thread of its own: a browser of an earlier test may have a loop in this one."""

    def run() -> Result:
        try:
            return asyncio.run(work)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as apart:
        return apart.submit(run).result()


class Collector:
    """A server that takes traces as an OpenTelemetry collector does: OTLP, protobuf over HTTP."""

    def __init__(self) -> None:
        collector = self
        self.requests: list[ExportTraceServiceRequest] = []

        class Receive(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/v1/traces":
                    body = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
                    collector.requests.append(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.end_headers()
                self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        self._serving = serving(Receive)

    def __enter__(self) -> Self:
        self.url = self._serving.__enter__()
        self.port = int(self.url.rpartition(":")[2])
        return self

    def __exit__(self, *_: object) -> None:
        self._serving.__exit__(None, None, None)

    @property
    def spans(self) -> list[Collected]:
        return [
            Collected(
                span.name,
                SentSpan.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
                span.trace_id.hex(),
                span.span_id.hex(),
                span.parent_span_id.hex(),
                {one.key: one.value.string_value or one.value.int_value for one in span.attributes},
                span.status.code == Status.STATUS_CODE_ERROR,
            )
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    @property
    def text(self) -> str:
        """All of it, to search."""
        return "".join(str(request) for request in self.requests)
