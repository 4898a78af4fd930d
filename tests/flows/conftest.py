"""A flow starts on an empty machine: a service of its own, with its own PostgreSQL, that nobody has set up yet."""

from collections.abc import Iterator

import pytest

from footlights.ops.instance import Instance, running


@pytest.fixture
def service() -> Iterator[Instance]:
    with running() as instance:
        yield instance
