"""A flow starts on an empty machine: a service of its own, with its own PostgreSQL, that nobody has set up yet."""

from collections.abc import Iterator

import pytest

from footlights.ops.instance import Instance, running

METRICS_TOKEN = "canary-of-the-monitor"


@pytest.fixture
def service() -> Iterator[Instance]:
    with running(settings={"FOOTLIGHTS_LOG": "json", "FOOTLIGHTS_METRICS_TOKEN": METRICS_TOKEN}) as instance:
        yield instance
