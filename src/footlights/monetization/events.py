"""Facts about what was sold. Each is published in the transaction that made it true, at least once."""

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class EventOver:
    """A broadcast that tickets are, or were, sold for is over; `given_back`: all tickets to it go back.

    Told again when that is decided after its end.
    """

    broadcast_id: uuid.UUID
    given_back: bool
    at: datetime
