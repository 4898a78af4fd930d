"""Facts about what people give. Each is published in the transaction that made it true, at least once."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from footlights.kernel.money import Money


@dataclass(frozen=True, slots=True)
class TipGiven:
    """Its money is here. Whoever shows it asks `giver_id` for a name, unless it is None: then they stay unnamed."""

    tip_id: uuid.UUID
    channel_id: uuid.UUID
    title_id: uuid.UUID | None
    giver_id: uuid.UUID | None
    amount: Money
    message: str
    at: datetime
    about: str = ""  # as its giver's page said where it was given


@dataclass(frozen=True, slots=True)
class TipReturned:
    """All of its money went back."""

    tip_id: uuid.UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class GiftSent:
    """It is to go to whom it is for, now."""

    gift_id: uuid.UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class GiftRedeemed:
    gift_id: uuid.UUID
    at: datetime
