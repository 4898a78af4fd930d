"""What crosses the door of monetization about what was sold, and what of it is whose."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from footlights.kernel.money import Money
from footlights.ledger.api import Entry
from footlights.monetization.records import Entitlement, OfferKind, Purchase, PurchaseState
from footlights.payments.api import Payment, PaymentEvent


@dataclass(frozen=True, slots=True)
class Share:
    """Where a price goes: what the platform keeps of it, and what stays with its makers."""

    price: Money
    fee: Money
    fee_bps: int
    net: Money


@dataclass(frozen=True, slots=True)
class Earnings:
    """Of one channel in one currency: paid by viewers, of it tax, kept by the platform, earned, and owed to it now.

    `borne` is what the platform put in for coupons of its own.
    """

    gross: Money
    borne: Money
    tax: Money
    fees: Money
    shared: Money
    net: Money
    available: Money


@dataclass(frozen=True, slots=True)
class TitleEarnings:
    """Of one title, of one collection, or of the tickets to one broadcast: the other ids are None."""

    title_id: uuid.UUID | None
    collection_id: uuid.UUID | None
    broadcast_id: uuid.UUID | None
    sales: int
    gross: Money
    net: Money


@dataclass(frozen=True, slots=True)
class DailyEarnings:
    day: date
    net: Money


@dataclass(frozen=True, slots=True)
class Sale:
    """A purchase that was paid, as its seller sees it: no word about who bought.

    `borne` the platform put in for a coupon of its own. `shared` went to collaborators, `net` to the channel;
    `refunded` is what went back of the price, `left` what the channel has of it now.
    """

    purchase_id: uuid.UUID
    title_id: uuid.UUID | None
    kind: OfferKind
    price: Money
    tax: Money
    borne: Money
    fee: Money
    shared: Money
    net: Money
    refunded: Money
    left: Money
    state: PurchaseState
    at: datetime
    refunded_at: datetime | None
    collection_id: uuid.UUID | None = None
    broadcast_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class PaymentStory:
    """All that is known about a payment, from the click to the entitlement, for support."""

    payment: Payment
    events: list[PaymentEvent]
    entries: list[Entry]
    purchase: Purchase | None
    entitlements: list[Entitlement]
