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


@dataclass(frozen=True, slots=True)
class PaidWith:
    """Somebody paid with what they had not paid with before. `digest` (hex) is the same for whoever pays with it."""

    payer_id: uuid.UUID
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputeOpened:
    """The buyer's bank took `amount` back, and decides who gets it. The gateway took `fee` for it."""

    payment_id: uuid.UUID
    reference: str
    dispute_id: uuid.UUID
    amount: Money
    fee: Money | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputeClosed:
    """The bank decided. What was lost stands in `platform:suspense`, for whoever sold it to take out of its shares."""

    payment_id: uuid.UUID
    reference: str
    dispute_id: uuid.UUID
    amount: Money
    won: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class DestinationReady:
    destination_ref: str
    reference: str
    label: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PayoutPaid:
    """The receiver's bank has it. It may still be returned, days later."""

    payout_id: uuid.UUID
    reference: str
    amount: Money
    gateway: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PayoutReturned:
    """The money is here again; with `was_paid` after a PayoutPaid, which may be heard later than this."""

    payout_id: uuid.UUID
    reference: str
    amount: Money
    gateway: str
    reason: str
    was_paid: bool
    at: datetime
