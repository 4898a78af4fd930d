"""What a real collector is sent, over HTTP, as protobuf: what was done, and never what it was done with."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog
from django.db import connection
from psycopg import sql

from footlights.kernel import outgoing, tracing
from footlights.kernel.reads import fetch_rows
from footlights.kernel.testing import Collector

CANARY = "canary-of-a-person"


@pytest.fixture
def collector(monkeypatch) -> Iterator[Collector]:
    with Collector() as one:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", one.url)
        tracing._made.cache_clear()
        yield one
        tracing._made().span_processor.shutdown()
        tracing._made.cache_clear()


def sent(collector: Collector) -> dict[str, object]:
    tracing.flush()
    return {span.name: span for span in collector.spans}


def test_a_job_is_a_trace_of_its_own_and_its_lines_carry_its_id(collector) -> None:
    with tracing.begin("media.probe", kind="consumer", footlights__queue="media"):
        line = dict(structlog.contextvars.get_contextvars())
    assert "trace_id" not in structlog.contextvars.get_contextvars()
    job = sent(collector)["media.probe"]
    assert (job.attributes["footlights.queue"], job.kind, job.parent) == ("media", "CONSUMER", "")
    assert line["trace_id"] == job.trace
    assert 'string_value: "footlights"' in collector.text


@pytest.mark.django_db
def test_statements_belong_to_what_ran_them_and_hold_no_value(collector) -> None:
    with tracing.begin("GET x", kind="server"), connection.execute_wrapper(tracing.of_django):
        with connection.cursor() as cursor:
            cursor.execute("select %s::text, 'canary-of-a-person', 4711", [CANARY])
            cursor.execute(sql.SQL("update pg_class set relname = {} where false").format(sql.Literal(CANARY)))
        fetch_rows("with one as (select %s::text as name) select name from one", [CANARY])
    spans = sent(collector)
    assert spans["SELECT"].attributes["db.query.text"] == "select %s::text, ?, ?"
    assert spans["UPDATE"].attributes["db.query.text"] == "update pg_class set relname = ? where false"
    assert "%s::text as name" in spans["WITH"].attributes["db.query.text"]
    assert {spans[name].parent for name in ("SELECT", "UPDATE", "WITH")} == {spans["GET x"].id}
    assert CANARY not in collector.text


def test_of_what_fails_only_the_kind_is_told(collector) -> None:
    with pytest.raises(ValueError, match=CANARY), tracing.begin("x", kind="consumer"):
        raise ValueError(CANARY)
    failed = sent(collector)["x"]
    assert (failed.attributes["error.type"], failed.is_failed) == ("ValueError", True)
    assert CANARY not in collector.text


def test_of_an_outgoing_call_the_host_is_told_and_not_the_path(collector, settings) -> None:
    with Collector() as receiver:  # any server will do
        port = receiver.port
        settings.OUTGOING_HOSTS = [f"127.0.0.1:{port}"]
        with tracing.begin("alerts.deliver", kind="consumer"):
            answer = outgoing.fetch("POST", f"http://127.0.0.1:{port}/hooks/{CANARY}?x={CANARY}", body=b"")
    call = sent(collector)["POST"]
    assert call.attributes == {
        "server.address": "127.0.0.1",
        "server.port": port,
        "http.response.status_code": answer.status,
    }
    assert CANARY not in collector.text


def test_outside_of_a_trace_nothing_is_sent(collector) -> None:
    with tracing.span("x", kind="client"), tracing.statement("select 1"):
        pass
    assert sent(collector) == {}


def test_what_the_sampler_leaves_out_costs_no_spans(collector, monkeypatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    with tracing.begin("x", kind="server") as one, tracing.span("y", kind="client"):
        assert not one.is_kept
    assert sent(collector) == {}


def test_while_it_is_off_nothing_of_it_is_imported() -> None:
    look = (
        "import django, sys; django.setup();"
        "from django.core.wsgi import get_wsgi_application; get_wsgi_application();"
        "from footlights.kernel import tracing;"
        "block = tracing.begin('x', kind='server'); block.__enter__();"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    subprocess.run([sys.executable, "-c", look], check=True)
