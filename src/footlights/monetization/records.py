"""What crosses the door of monetization."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from footlights.kernel.money import Money
from footlights.ledger.api import Entry
from footlights.payments.api import Payment, PaymentEvent


class OfferKind(StrEnum):
    FREE = "free"
    BUY = "buy"
    RENT = "rent"
    MEMBERS = "members"


class PurchaseState(StrEnum):
    PENDING = "pending"
    UNKNOWN = "unknown"
    PAID = "paid"
    DECLINED = "declined"
    REFUNDED = "refunded"


class Reason(StrEnum):
    """Why somebody may or may not watch."""

    FREE = "free"
    OWNER = "owner"
    BOUGHT = "bought"
    RENTED = "rented"
    MEMBER = "member"
    NOT_FOR_SALE = "not_for_sale"
    MUST_BUY = "must_buy"
    MUST_JOIN = "must_join"
    RENTAL_OVER = "rental_over"
    REFUNDED = "refunded"
    NOT_PUBLISHED = "not_published"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class NewOffer:
    """`tier` is the lowest tier of members that a title is open to; only an offer to members has one."""

    kind: OfferKind
    price: Money
    tier: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to get a title. It never changes: another price is another offer, so that its id is the price one saw."""

    id: uuid.UUID
    title_id: uuid.UUID
    kind: OfferKind
    price: Money
    rent_start_within_days: int = 30
    rent_watch_hours: int = 48
    tier: int | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    id: uuid.UUID
    viewer_id: uuid.UUID
    title_id: uuid.UUID
    channel_id: uuid.UUID
    offer_id: uuid.UUID
    kind: OfferKind
    price: Money
    state: PurchaseState
    reason: str
    hosted_url: str
    payment_id: uuid.UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Entitlement:
    title_id: uuid.UUID
    kind: OfferKind
    granted_at: datetime
    start_by: datetime | None
    started_at: datetime | None
    ends_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Membership:
    """That a viewer belongs to a channel (None: to every channel of the service), in a tier; higher ones hold lower."""

    channel_id: uuid.UUID | None
    tier: int
    granted_at: datetime
    until: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether somebody may watch, why, and a sentence that support can read to them."""

    allowed: bool
    reason: Reason
    explanation: str
    ends_at: datetime | None = None
    start_by: datetime | None = None  # of a rental that nobody started yet


@dataclass(frozen=True, slots=True)
class Earnings:
    """Of one channel in one currency: paid by viewers, kept by the platform, earned, and ready to be paid out."""

    gross: Money
    fees: Money
    net: Money
    available: Money


@dataclass(frozen=True, slots=True)
class TitleEarnings:
    title_id: uuid.UUID
    sales: int
    gross: Money
    net: Money


@dataclass(frozen=True, slots=True)
class DailyEarnings:
    day: date
    net: Money


@dataclass(frozen=True, slots=True)
class Sale:
    """A purchase that was paid, as its seller sees it: no word about who bought."""

    purchase_id: uuid.UUID
    title_id: uuid.UUID
    kind: OfferKind
    price: Money
    fee: Money
    net: Money
    state: PurchaseState
    at: datetime
    refunded_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaymentStory:
    """All that is known about a payment, from the click to the entitlement, for support."""

    payment: Payment
    events: list[PaymentEvent]
    entries: list[Entry]
    purchase: Purchase | None
    entitlement: Entitlement | None
