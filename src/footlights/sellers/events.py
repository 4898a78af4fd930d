"""Facts about sellers. Each is published in the transaction that made it true, at least once."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class SellerAsked:
    """For their tax details: the first time (0), or again. From `held_on` on nothing is paid out without them."""

    person_id: uuid.UUID
    reminder: int
    held_on: date | None
    at: datetime
