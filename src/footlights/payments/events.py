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
    cost: Money | None = None  # what the gateway keeps for itself, if it said so already; payments books it


@dataclass(frozen=True, slots=True)
class PaymentDeclined:
    """Nothing was charged: the bank said no, the buyer turned back, or nobody paid in time."""

    payment_id: uuid.UUID
    reference: str
    reason: str
    at: datetime
    needs_buyer: bool = False  # with the buyer present it could still be paid


@dataclass(frozen=True, slots=True)
class PaymentUnsettled:
    """Nobody knows yet whether the buyer was charged, or another amount than asked was."""

    payment_id: uuid.UUID
    reference: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentRefunded:
    """`amount` went back, by this one of the payment's refunds. `refunded` is what has gone back with it so far."""

    payment_id: uuid.UUID
    reference: str
    refund_id: uuid.UUID
    amount: Money
    refunded: Money
    charged: Money
    at: datetime

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the payment is left."""
        return self.refunded == self.charged


@dataclass(frozen=True, slots=True)
class RefundFailed:
    """A refund that was told as done came back: the money is here again."""

    payment_id: uuid.UUID
    reference: str
    refund_id: uuid.UUID
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class MethodSaved:
    """A way of paying is kept, and is its holder's default from now on."""

    method_id: uuid.UUID
    payer_id: uuid.UUID
    reference: str  # of the payment it was kept with; empty when it was kept on a page of its own
    at: datetime
