"""Facts about people. Each is published in the transaction that made it true, at least once."""

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class GuestJoined:
    """A guest turned out to be somebody with an account: what was `guest_id`'s is `person_id`'s now."""

    guest_id: uuid.UUID
    person_id: uuid.UUID
    at: datetime
