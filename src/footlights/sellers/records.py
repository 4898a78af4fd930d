"""What crosses the door of sellers."""

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Ask:
    """That somebody was asked for their tax details and has not said them."""

    person_id: uuid.UUID
    asked_at: datetime
    reminders: int
    accounts: tuple[str, ...] = ()  # in the books, whose money is theirs


@dataclass(frozen=True, slots=True)
class Withheld:
    """That nothing of an account is paid out until its payee has said who they are."""

    person_id: uuid.UUID
    since: datetime
