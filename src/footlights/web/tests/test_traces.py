"""A request's trace names its route and its answer, and nothing that whoever sent it wrote."""

import pytest
from django.test import Client

from footlights.accounts.testing import make_person
from footlights.kernel import tracing
from footlights.kernel.testing import Collector

pytestmark = pytest.mark.django_db


@pytest.fixture
def collector(monkeypatch, settings):
    with Collector() as one:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", one.url)
        origin = "footlights.web.origin.OriginMiddleware"
        settings.MIDDLEWARE = [origin, "footlights.web.traces.TraceMiddleware", *settings.MIDDLEWARE[1:]]
        tracing._made.cache_clear()
        yield one
        tracing._made().span_processor.shutdown()
        tracing._made.cache_clear()


def asked(collector, path, **options):
    answer = Client(raise_request_exception=False, REMOTE_ADDR="192.0.2.77").get(path, **options)
    tracing.flush()
    [span] = [each for each in collector.spans if each.kind == "SERVER"]
    return answer, span


def test_a_request_is_found_by_the_id_its_answer_carries(collector) -> None:
    make_person()
    answer, span = asked(collector, "/search?q=canary-words", headers={"User-Agent": "canary-browser"})
    assert span.name == "GET storefront:search"
    assert span.attributes == {
        "http.request.method": "GET",
        "http.route": "storefront:search",
        "http.response.status_code": 200,
        "footlights.request_id": answer.headers["X-Request-Id"],
    }
    assert "canary" not in collector.text
    assert "192.0.2.77" not in collector.text


def test_an_address_nobody_knows_is_not_told(collector) -> None:
    make_person()
    _answer, span = asked(collector, "/canary/of/a/secret/address")
    assert (span.name, span.attributes["http.response.status_code"], span.is_failed) == ("GET none", 404, False)
    assert "canary" not in collector.text


def test_a_page_that_breaks_is_seen_as_broken(collector, monkeypatch) -> None:
    make_person()
    monkeypatch.setattr("footlights.web.storefront.views.search_titles", None, raising=False)
    answer, span = asked(collector, "/search?q=x")
    assert (answer.status_code, span.is_failed, span.attributes["error.type"]) == (500, True, "500")
