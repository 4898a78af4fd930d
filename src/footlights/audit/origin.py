"""Where what happens now comes from: who asks, from which address, by which request.

Whoever takes requests sets it around each; a background job has none, and what it does the service did. Never knows
HTTP, and never asks who it is before something is recorded.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


def nobody() -> UUID | None:
    return None


@dataclass(frozen=True, slots=True)
class Origin:
    """`person` is asked only when an act is recorded, so that a request that does nothing costs nothing."""

    person: Callable[[], UUID | None] = nobody
    address: str | None = None
    request_id: UUID | None = None


SERVICE = Origin()
_current: ContextVar[Origin] = ContextVar("footlights_origin", default=SERVICE)


def current_origin() -> Origin:
    return _current.get()


@contextmanager
def acting(origin: Origin) -> Iterator[None]:
    """What is recorded inside comes from `origin`."""
    token = _current.set(origin)
    try:
        yield
    finally:
        _current.reset(token)
