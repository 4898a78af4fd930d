"""Figures for a monitor (Prometheus): how many requests, how long, which jobs wait. Off until a token is set.

Each process counts into a file of its own under the data folder; who asks gets them put together. Costs nothing while
FOOTLIGHTS_METRICS_TOKEN is not set. Never tells who asked for what: only the route's name.
"""

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily

JOBS = "select queue_name, status::text, count(*) from procrastinate_jobs where status <> 'succeeded' group by 1, 2"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
REQUESTS = Counter("footlights_requests", "Answers by route, method and status.", ["route", "method", "status"])
TIME = Histogram("footlights_request_seconds", "How long an answer took.", ["route"], buckets=SECONDS)
METHODS = {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"}


class MetricsMiddleware:
    """In the settings only when a token is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.view_name if request.resolver_match else "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(route, method, response.status_code).inc()
        TIME.labels(route).observe(perf_counter() - began)
        return response


class Jobs:
    """Counted when asked."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily("footlights_jobs", "Jobs that are not done.", labels=["queue", "status"])
        with connection.cursor() as cursor:
            cursor.execute(JOBS)
            for queue, status, count in cursor.fetchall():
                family.add_metric([queue, status], count)
        yield family


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """To whoever carries the token; to everybody else there is no such page."""
    token = settings.METRICS_TOKEN
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not constant_time_compare(sent, token):
        raise Http404
    registry: Any = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library's own
    registry.register(Jobs())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
