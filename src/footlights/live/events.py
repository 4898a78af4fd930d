"""Facts about broadcasts. Each is published in the transaction that made it true, at least once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BroadcastMoved:
    """It starts at another time than was announced."""

    broadcast_id: UUID
    was: datetime
    starts_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """An uninterrupted stretch of a recording: when it was sent (seconds since 1970), and where it is in the film."""

    began_at: float
    starts_ms: int
    length_ms: int


@dataclass(frozen=True, slots=True)
class RecordingBegun:
    """A broadcast's recording got its title; its film is on its way."""

    broadcast_id: UUID
    title_id: UUID
    parts: list[Part]
    at: datetime


@dataclass(frozen=True, slots=True)
class BroadcastCancelled:
    """It does not take place."""

    broadcast_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class BroadcastOver:
    """It ended, or was cancelled before it began."""

    broadcast_id: UUID
    channel_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class RemindersDue:
    """It begins soon, or has begun, and some who asked to be reminded were not yet."""

    broadcast_id: UUID
    at: datetime
