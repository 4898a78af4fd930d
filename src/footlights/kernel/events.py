"""Past-tense facts that cross contexts. Publishing defers one job per subscriber in the caller's transaction.

That is the outbox: an event is delivered if and only if the transaction that published it commits, at least once.
Handlers tolerate repetition.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from procrastinate.tasks import Task

from footlights.kernel.jobs import job

Event = TypeVar("Event")

_subscribers: dict[type, list[Task[..., Any, ...]]] = defaultdict(list)


def publish(event: object) -> None:
    """Tell every subscriber of `type(event)`, a frozen dataclass. Call it inside the transaction."""
    for task in _subscribers[type(event)]:
        task.defer(event=msgspec.to_builtins(event))


def subscribe(
    event_type: type[Event], *, queue: str = "default"
) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Make a function in handlers.py react to `event_type`, as a job of its own with its own retries."""

    def declare(handler: Callable[[Event], None]) -> Callable[[Event], None]:
        def deliver(event: dict[str, Any]) -> None:
            handler(msgspec.convert(event, event_type))

        deliver.__module__ = handler.__module__
        deliver.__name__ = handler.__name__
        _subscribers[event_type].append(job(queue=queue, tries=10)(deliver))
        return handler

    return declare
