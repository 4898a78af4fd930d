"""Facts about payments. Each is published in the transaction that made it true, at least once."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from footlights.kernel.money import Money


@dataclass(frozen=True, slots=True)
class PaymentCaptured:
    payment_id: uuid.UUID
    reference: str
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentDeclined:
    """Nothing was charged: the bank said no, the buyer turned back, or nobody paid in time."""

    payment_id: uuid.UUID
    reference: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentUnsettled:
    """Nobody knows yet whether the buyer was charged, or another amount than asked was."""

    payment_id: uuid.UUID
    reference: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentRefunded:
    payment_id: uuid.UUID
    reference: str
    amount: Money
    at: datetime
