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
class BroadcastCancelled:
    """It does not take place."""

    broadcast_id: UUID
    at: datetime
