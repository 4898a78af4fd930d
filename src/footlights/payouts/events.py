"""Facts about payouts. Each is published in the transaction that made it true, at least once."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from footlights.kernel.money import Money


@dataclass(frozen=True, slots=True)
class PayoutMade:
    payout_id: uuid.UUID
    account: str
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class PayoutCameBack:
    """The bank sent it back, or the gateway did not take it: the amount is available again."""

    payout_id: uuid.UUID
    account: str
    amount: Money
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DestinationChanged:
    account: str
    label: str
    usable_from: datetime
    at: datetime
