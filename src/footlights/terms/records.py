"""What crosses the door of terms."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from footlights.kernel.money import Money


class SaleKind(StrEnum):
    """In which way money comes in. Each has a fee and price limits of its own."""

    BUY = "buy"
    RENT = "rent"
    SUBSCRIPTION = "subscription"
    TIP = "tip"
    GIFT = "gift"
    TICKET = "ticket"
    PASS = "pass"  # noqa: S105  a ticket to every channel


class Term(StrEnum):
    """One number the platform decides. The name ends in its unit."""

    FEE_BPS = "fee_bps"  # of a kind of sale; of one channel where it says so
    PRICE_FLOOR_MINOR = "price_floor_minor"  # of a kind of sale, in a currency
    PRICE_CEILING_MINOR = "price_ceiling_minor"
    PAYOUT_SCHEDULE = "payout_schedule"  # a PayoutSchedule
    PAYOUT_HOLD_DAYS = "payout_hold_days"
    PAYOUT_MINIMUM_MINOR = "payout_minimum_minor"  # in a currency
    PAYOUT_APPROVAL_MINOR = "payout_approval_minor"
    RESERVE_BPS = "reserve_bps"  # of what was earned; of one channel where it says so
    RESERVE_DAYS = "reserve_days"  # for how long after it was earned; likewise
    PASS_SHARING = "pass_sharing"  # noqa: S105  a PassSharing
    REFUND_WITHIN_DAYS = "refund_within_days"
    REFUND_WATCHED_PERCENT = "refund_watched_percent"
    SELLER_HOLD_DAYS = "seller_hold_days"  # after the first request for tax details, until nothing is paid out
    DISPUTE_ACCESS = "dispute_access"  # a DisputeAccess
    REFUND_PROOF_MINOR = "refund_proof_minor"  # a seller who gives back more proves first that it is they


class DisputeAccess(IntEnum):
    """What becomes of what was paid for while the buyer's bank decides who gets the money."""

    KEEP = 0
    HOLD = 1


class PayoutSchedule(IntEnum):
    """How often the platform pays creators by itself; the number is about how many days that is."""

    ON_DEMAND = 0
    DAILY = 1
    WEEKLY = 7
    MONTHLY = 30


class PassSharing(IntEnum):
    """How what was paid for the pass is divided by minutes watched, once the platform has its share."""

    BY_SUBSCRIBER = 0  # what each paid, by what they themselves watched
    POOLED = 1  # what all paid, by what all watched


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTerm:
    """What somebody decides. Without a `value`, what held before anybody decided holds again."""

    term: Term
    value: int | None
    kind: SaleKind | None = None
    channel_id: uuid.UUID | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTerm(NewTerm):
    """What was decided: by whom, when, and from when it holds."""

    id: uuid.UUID
    from_at: datetime
    set_by: uuid.UUID
    set_at: datetime


@dataclass(frozen=True, slots=True)
class PriceLimits:
    """What a price may be, both ends included; None is no limit."""

    floor: Money | None
    ceiling: Money | None


@dataclass(frozen=True, slots=True)
class PayoutTerms:
    """`minimum` is the least that is paid out; from `approval_from` on a second person says yes (None: never).

    Of what was earned less than `reserve_days` ago, `reserve_bps` stays here.
    """

    schedule: PayoutSchedule
    hold_days: int
    minimum: Money
    approval_from: Money | None
    reserve_bps: int = 0
    reserve_days: int = 0


@dataclass(frozen=True, slots=True)
class RefundTerms:
    """A buyer refunds by themselves `within_days` of paying when under `watched_percent` was watched; 0 days: never."""

    within_days: int
    watched_percent: int
