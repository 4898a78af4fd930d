"""What crosses the door of payments."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
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
    REFUNDED = "refunded"  # all of the money went back


class RefundState(StrEnum):
    ASKED = "asked"  # written down; the gateway may not know of it yet
    DONE = "done"
    FAILED = "failed"  # the gateway could not bring it to the buyer


class SetupState(StrEnum):
    OPENING = "opening"
    OPEN = "open"
    SAVED = "saved"
    FAILED = "failed"


class DisputeState(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class DestinationState(StrEnum):
    OPENING = "opening"
    OPEN = "open"  # its holder has not said everything yet
    READY = "ready"


class PayoutState(StrEnum):
    ASKED = "asked"  # written down; the gateway may not know of it yet
    SENT = "sent"
    PAID = "paid"
    RETURNED = "returned"  # the gateway or a bank did not take it: the money is here again


@dataclass(frozen=True, slots=True)
class Payment:
    id: uuid.UUID
    reference: str
    payer_id: uuid.UUID | None
    method_id: uuid.UUID | None  # what was charged without the buyer
    amount: Money
    description: str
    state: PaymentState
    reason: str
    needs_buyer: bool  # of a decline: with the buyer present it could still be paid
    seen_amount: Money | None
    refunded: Money  # what has gone back so far
    cost: Money | None  # what the gateway keeps for itself, once it says so
    hosted_url: str
    gateway: str
    gateway_ref: str
    created_at: datetime
    state_at: datetime

    @property
    def charged_amount(self) -> Money:
        """The most that refunds give back: what was charged, which is what was asked unless the payment is flagged."""
        return self.amount if self.seen_amount is None else self.seen_amount


@dataclass(frozen=True, slots=True)
class Refund:
    id: uuid.UUID
    payment_id: uuid.UUID
    amount: Money
    state: RefundState
    asked_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Method:
    """A way of paying that its holder let the gateway keep. `label` is the gateway's word for it."""

    id: uuid.UUID
    payer_id: uuid.UUID
    label: str
    brand: str
    last4: str
    expires: date | None  # its last good day
    is_default: bool


@dataclass(frozen=True, slots=True)
class MethodSetup:
    """A hosted page on which a way of paying is kept, and nothing is paid."""

    id: uuid.UUID
    payer_id: uuid.UUID
    state: SetupState
    hosted_url: str
    method_id: uuid.UUID | None  # once it is kept


@dataclass(frozen=True, slots=True)
class Dispute:
    """A buyer asked their bank for a payment's money. The bank took it, and decides."""

    id: uuid.UUID
    payment_id: uuid.UUID
    amount: Money
    fee: Money | None
    reason: str
    state: DisputeState
    opened_at: datetime
    answer_by: datetime | None
    answered_at: datetime | None  # when somebody approved what speaks for us
    closed_at: datetime | None
    gateway: str
    gateway_ref: str


@dataclass(frozen=True, slots=True)
class Destination:
    """Where somebody's earnings go, at a gateway. `ref` is what `payout` takes."""

    ref: str
    reference: str
    state: DestinationState
    hosted_url: str
    label: str


@dataclass(frozen=True, slots=True)
class Payout:
    id: uuid.UUID
    reference: str
    destination_ref: str
    amount: Money
    state: PayoutState
    reason: str
    gateway: str
    gateway_ref: str
    asked_at: datetime
    state_at: datetime


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


@dataclass(frozen=True, slots=True)
class Difference:
    """What a gateway's own account has of a payment or payout, what we have, and the books; None is nothing."""

    id: uuid.UUID
    gateway: str
    day: date
    reference: str
    kind: str
    here: Money | None
    there: Money | None
    booked: Money | None
    found_at: datetime
    settled_at: datetime | None
    payment_id: uuid.UUID | None = None  # whose story tells more
    payout_id: uuid.UUID | None = None
    journal_id: uuid.UUID | None = None  # which is about nothing of ours


@dataclass(frozen=True, slots=True)
class ReconciledDay:
    """A day on which a gateway's account was compared with ours."""

    gateway: str
    day: date
    matched: int  # payments and payouts that agreed
    still_open: int  # differences
    settled: int
    is_over: bool = True  # else it was compared as far as it has settled
