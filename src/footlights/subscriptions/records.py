"""What crosses the door of subscriptions."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from footlights.kernel.money import Money
from footlights.prices.api import Buyer


class Interval(StrEnum):
    MONTH = "month"
    YEAR = "year"


class State(StrEnum):
    """Where a subscription stands. The moves between them are in policies/states.py."""

    PENDING = "pending"  # its first payment is not there
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"  # the card was declined; it is tried again
    PAUSED = "paused"  # nothing is charged until a day; what is paid lasts
    CANCELLING = "cancelling"  # ends with what is paid
    ENDED = "ended"


class InvoiceState(StrEnum):
    OPEN = "open"
    PAID = "paid"
    VOID = "void"  # nothing was charged, and nothing will be
    REFUNDED = "refunded"


class AttemptState(StrEnum):
    UNDECIDED = "undecided"
    PAID = "paid"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class NewTerms:
    interval: Interval
    price: Money
    trial_days: int = 0
    intro_price: Money | None = None
    intro_periods: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan costs. It never changes: another price is other terms, and who has these keeps them."""

    id: uuid.UUID
    plan_id: uuid.UUID
    interval: Interval
    price: Money
    trial_days: int
    intro_price: Money | None
    intro_periods: int
    is_offered: bool
    local_of: uuid.UUID | None = None

    @property
    def offered_id(self) -> uuid.UUID:
        """The plan's terms that these are, in whatever currency they are asked for."""
        return self.local_of or self.id


@dataclass(frozen=True, slots=True)
class Plan:
    """A tier of a channel's membership, or the pass, which the house sells by a channel of its own.

    `terms` are those offered now, the monthly first.
    """

    id: uuid.UUID
    channel_id: uuid.UUID
    tier: int
    name: str
    words: str
    is_offered: bool
    terms: tuple[Terms, ...]
    is_pass: bool = False


@dataclass(frozen=True, slots=True)
class Paid:
    """A period that was paid: what for, including any credit that went into it."""

    amount: Money
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What another plan means: from now on, for `due` after a `credit`; or from the end of what is paid.

    `discount` is what a coupon takes off its price now.
    """

    is_now: bool
    credit: Money
    due: Money
    discount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What it means to join: the free days, then the months that a coupon makes free, then the first payment.

    That is `asked` less the `discount` of a coupon, before tax; so are the `periods` first ones (None: all of them).
    """

    trial_days: int
    free_months: int
    asked: Money
    discount: Money
    coupon: str
    periods: int | None

    @property
    def first(self) -> Money:
        return self.asked - self.discount

    @property
    def is_free_at_first(self) -> bool:
        """A card is kept, and nothing is charged today."""
        return bool(self.trial_days or self.free_months)


@dataclass(frozen=True, slots=True)
class Subscription:
    """`period_end` is until when it is paid, or free; `due_at` when something happens by itself.

    A coupon is taken off `coupon_left` more payments; None is all of them.
    """

    id: uuid.UUID
    subscriber_id: uuid.UUID
    channel_id: uuid.UUID
    plan: Plan
    terms: Terms
    next_terms: Terms | None
    state: State
    created_at: datetime
    began_at: datetime | None
    trial_ends_at: datetime | None
    period_start: datetime | None
    period_end: datetime | None
    pause_ends_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    hosted_url: str
    country: str = ""
    free_months: int = 0
    coupon_left: int | None = 0

    @property
    def buyer(self) -> Buyer:
        """As whom they are asked for other terms: in the currency they pay in, which never changes."""
        return Buyer(self.country, self.terms.price.currency)


@dataclass(frozen=True, slots=True)
class Invoice:
    """What was asked for one period: `amount` is the price less a credit, with the `tax` in it.

    The price is what it costs after a coupon took its `discount` off, of which the platform bears `borne`.
    """

    id: uuid.UUID
    subscription_id: uuid.UUID
    number: int
    terms: Terms
    period_start: datetime
    period_end: datetime
    price: Money
    credit: Money
    amount: Money
    tax: Money
    refunded: Money
    state: InvoiceState
    is_change: bool
    created_at: datetime
    paid_at: datetime | None
    discount: Money
    borne: Money


@dataclass(frozen=True, slots=True)
class PaidPeriod:
    """What a payment was for: a period of a subscription; `causes` are its journals, but for those of single days.

    `is_unneeded`: it was paid when nobody wanted it any more, and goes back.
    """

    subscription: Subscription
    invoice: Invoice
    is_unneeded: bool
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """Of a channel's members who pay in one currency. `came`, `left` and `churn_bps` are of the last 30 days."""

    members: int
    monthly: Money  # what they pay in a month, a year's price by twelve
    came: int
    left: int
    churn_bps: int | None
    lifetime: Money | None


@dataclass(frozen=True, slots=True)
class DayOfMembers:
    day: date
    members: int
    came: int
    left: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who joined in one UTC month: how many, and how many of them were still members n whole months later.

    `kept` begins with the month after and ends with the last that is over for all of them.
    """

    month: date
    size: int
    kept: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """How long somebody watched a title on one UTC day."""

    viewer_id: uuid.UUID
    title_id: uuid.UUID
    day: date
    seconds: int


@dataclass(frozen=True, slots=True)
class PassMonth:
    """A month of the pass that was shared, in one currency: what was paid for it, the fee, what channels got of it.

    What nobody's minutes claimed is `carried` to the next month; below zero, the next month pays for refunds first.
    """

    month: date
    money: Money
    fee: Money
    shared: Money
    carried: Money
    by_subscriber: bool
    fee_bps: int
    seconds: int


@dataclass(frozen=True, slots=True)
class PassEarning:
    """What one title, or one channel, got of a month of the pass, and for how long it was watched."""

    month: date
    id: uuid.UUID
    earned: Money
    seconds: int
