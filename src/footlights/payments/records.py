"""What crosses the door of payments."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from footlights.kernel.money import Money


class PaymentState(StrEnum):
    """Where a payment stands. See SOURCES in policies.py for the moves between them."""

    OPENING = "opening"  # ours exists; the gateway may not know of it yet
    OPEN = "open"  # the gateway's page waits for the buyer
    UNKNOWN = "unknown"  # the gateway did not answer; the sweep keeps asking
    CAPTURED = "captured"  # the money is there
    DECLINED = "declined"  # nothing was charged
    CANCELLED = "cancelled"  # nobody paid in time, or the buyer turned back
    FLAGGED = "flagged"  # money came, but not the amount that was asked; a person decides
    REFUNDED = "refunded"  # the money went back


@dataclass(frozen=True, slots=True)
class Payment:
    id: uuid.UUID
    reference: str
    amount: Money
    description: str
    state: PaymentState
    reason: str
    seen_amount: Money | None
    hosted_url: str
    gateway: str
    gateway_ref: str
    created_at: datetime
    state_at: datetime

    @property
    def charged_amount(self) -> Money:
        """What a refund gives back: what was charged, which is what was asked unless the payment is flagged."""
        return self.amount if self.seen_amount is None else self.seen_amount


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """One line of a payment's story: what happened, in a sentence for support."""

    at: datetime
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Of one currency in a span of time."""

    captured: Money
    refunded: Money
