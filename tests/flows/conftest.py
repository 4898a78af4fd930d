"""A flow starts on an empty machine: a service of its own, with its own PostgreSQL, that nobody has set up yet."""

from collections.abc import Iterator

import pytest

from footlights.kernel.testing import Collector
from footlights.ops.instance import Instance, running

METRICS_TOKEN = "canary-of-the-monitor"


@pytest.fixture
def collector() -> Iterator[Collector]:
    """What an OpenTelemetry collector would hold."""
    with Collector() as one:
        yield one


@pytest.fixture
def service(collector: Collector) -> Iterator[Instance]:
    settings = {
        "FOOTLIGHTS_LOG": "json",
        "FOOTLIGHTS_METRICS_TOKEN": METRICS_TOKEN,
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
    }
    with running(settings=settings) as instance:
        yield instance
