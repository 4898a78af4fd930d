"""What crosses the door of monetization."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from footlights.kernel.money import Money
from footlights.monetization.facets import Source
from footlights.prices.api import Buyer, currency_of
from footlights.taxes.api import Evidence, decide_country

NOWHERE = Evidence()


class OfferKind(StrEnum):
    FREE = "free"
    BUY = "buy"
    RENT = "rent"
    MEMBERS = "members"
    FOLLOWERS = "follow"  # for nothing, to who follows its channel
    TICKET = "ticket"  # to a broadcast


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
    FOLLOWER = "follower"
    PRESS = "press"
    PASS = "pass"  # noqa: S105  a ticket to every channel that takes part
    TICKET = "ticket"  # to a broadcast, and to its recording as long as the ticket says
    NOT_FOR_SALE = "not_for_sale"
    MUST_BUY = "must_buy"
    MUST_JOIN = "must_join"
    MUST_FOLLOW = "must_follow"
    RENTAL_OVER = "rental_over"
    PRESS_OVER = "press_over"
    REFUNDED = "refunded"
    HELD = "held"  # its money was asked back from a bank, which decides
    NOT_PUBLISHED = "not_published"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class EarlyPrice:
    """What an offer costs in a window of time. Its start is in, its end is out; None is from the beginning."""

    price: Money
    from_at: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class NewOffer:
    """How a title shall be had. `tier` is the lowest of members it is open to; only an offer to members has one.

    With a `floor` the buyer says what they pay, the floor or more, and `price` is what is suggested. `replay_days`: for
    how many days a ticket opens the recording, from when it is there; 0 not at all, None for ever.
    """

    kind: OfferKind
    price: Money
    tier: int | None = None
    floor: Money | None = None
    early: EarlyPrice | None = None
    replay_days: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to get a title, a collection, or into a broadcast: the other ids are None. It never changes.

    Another price is another offer. The other fields are those of NewOffer.
    """

    id: uuid.UUID
    title_id: uuid.UUID | None
    kind: OfferKind
    price: Money
    rent_start_within_days: int = 30
    rent_watch_hours: int = 48
    tier: int | None = None
    floor: Money | None = None
    early: EarlyPrice | None = None
    collection_id: uuid.UUID | None = None
    broadcast_id: uuid.UUID | None = None
    replay_days: int | None = None

    def price_at(self, at: datetime) -> Money:
        """What it costs at that moment; what is suggested, where the buyer says what they pay."""
        return self.early.price if self.early and self.is_early(at) else self.price

    def is_early(self, at: datetime) -> bool:
        early = self.early
        return early is not None and (early.from_at is None or early.from_at <= at) and at < early.until


@dataclass(frozen=True, slots=True)
class Choice:
    """What a buyer says at the till: where they are, what they pay where that is theirs to say, a coupon's code.

    `currency` is the one they chose to pay in; empty for that of their country. `source` says how they came here.
    """

    evidence: Evidence = NOWHERE
    amount: Money | None = None
    coupon: str = ""
    currency: str = ""
    source: Source = Source.DIRECT
    region: str = ""  # a province of that country, or a postcode, where the tax depends on it
    business_number: str = ""  # of a business there, which may owe the tax itself

    @property
    def country(self) -> str | None:
        return decide_country(self.evidence).country or None

    @property
    def buyer(self) -> Buyer:
        """Who asks. Only a country that no other evidence speaks against has prices of its own."""
        where = decide_country(self.evidence)
        if where.is_conflicting:
            return Buyer(currency=self.currency or currency_of(where.country))
        return Buyer(where.country, self.currency)


@dataclass(frozen=True, slots=True)
class Tax:
    """What of a total is tax, and why. `inclusive`: it is in the price already; else it was added to it.

    `place` is the country, or its region where the tax is the region's: DE, CA-QC; it is empty without tax.
    `is_reversed`: the buyer is a business and owes the tax itself; `relief` is what of it a price held is not paid.
    """

    amount: Money
    rate_bps: int = 0
    place: str = ""
    name: str = ""
    inclusive: bool = True
    is_reversed: bool = False
    relief: Money | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How a total came about: list price, or what the buyer chose to pay; less discount and credit; tax; total.

    A tax that the buyer owes themselves, and the price held, is taken off: `tax.relief`.
    """

    list_price: Money
    chosen: Money | None
    discount: Money
    credit: Money
    tax: Tax
    total: Money
    borne: Money | None = None  # what the platform bears of the discount, without tax, when the coupon is its own

    @property
    def net(self) -> Money:
        """What was paid, without its tax."""
        return self.total - self.tax.amount

    @property
    def earned(self) -> Money:
        """What is shared among platform and makers: of the whole price where the platform bears the discount."""
        return self.net if self.borne is None else self.net + self.borne


@dataclass(frozen=True, slots=True)
class InPass:
    """A channel takes part in the pass from a UTC day on; `until_day`, where there is one, it does not any more."""

    channel_id: uuid.UUID
    from_day: date
    until_day: date | None

    def holds_on(self, day: date) -> bool:
        return self.from_day <= day and (self.until_day is None or day < self.until_day)


class RedemptionState(StrEnum):
    RESERVED = "reserved"
    USED = "used"
    RELEASED = "released"
    LATE = "late"  # paid after it was released, when no use was left: honoured, and not counted


INTERVALS = ("month", "year")  # at which a membership is paid
PERIODS_MAX = 36


class Covers(StrEnum):
    """What a coupon makes cheaper: what is paid once, or a membership's payments."""

    SALES = "sales"
    MEMBERSHIPS = "memberships"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCoupon:
    """What a coupon shall be: a percentage or an amount, for one title or all, within limits.

    With `code` it has that one, which up to `uses_max` purchases may use; with `batch` so many random ones, each good
    once. One for memberships is for one plan or all, for an `interval` (month, year; empty: any), and for the first
    `periods` payments (None: for as long as it lasts). One of the platform's takes off at most `most`.
    """

    name: str
    percent_bps: int | None = None
    amount: Money | None = None
    title_id: uuid.UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    code: str = ""
    batch: int = 0
    uses_max: int | None = None
    per_person_max: int = 1
    first_purchase_only: bool = False
    covers: Covers = Covers.SALES
    plan_id: uuid.UUID | None = None
    interval: str = ""
    periods: int | None = None
    most: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """As it stands. `used` counts what is reserved at a till too."""

    id: uuid.UUID
    channel_id: uuid.UUID | None  # None: the platform's, good at every channel
    title_id: uuid.UUID | None
    name: str
    percent_bps: int | None
    amount: Money | None
    starts_at: datetime | None
    ends_at: datetime | None
    uses_max: int | None
    per_person_max: int
    first_purchase_only: bool
    used: int
    created_at: datetime
    withdrawn_at: datetime | None
    covers: Covers = Covers.SALES
    plan_id: uuid.UUID | None = None
    interval: str = ""
    periods: int | None = None
    most: Money | None = None  # of the platform's: no use takes off more

    @property
    def is_house(self) -> bool:
        """Whether it is the platform's, which bears what it takes off."""
        return self.channel_id is None

    @property
    def currency(self) -> str:
        """That of what it takes off; empty where it is good in any."""
        money = self.amount or self.most
        return money.currency if money else ""

    def reaches(self, plan_id: uuid.UUID, interval: str) -> bool:
        """Whether it is for this plan, paid at that interval."""
        is_plan, is_interval = self.plan_id in {None, plan_id}, self.interval in {"", interval}
        return self.covers is Covers.MEMBERSHIPS and is_plan and is_interval


@dataclass(frozen=True, slots=True)
class CouponCode:
    """One code, and how often it was used."""

    code: str
    used: int
    uses_max: int | None


@dataclass(frozen=True, slots=True)
class CouponUse:
    """The code a quote counts on."""

    coupon_id: uuid.UUID
    code_id: uuid.UUID
    code: str
    is_house: bool = False


class PartState(StrEnum):
    HOLDS = "holds"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Part:
    """One title of a collection at the till: it comes with it, or is theirs by a purchase that counts towards it.

    `credit` is what counts of that purchase, `counted_id`.
    """

    title_id: uuid.UUID
    credit: Money
    counted_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What one offer costs one buyer at one moment: what the page shows, and what is charged.

    `parts` are the titles of a collection, in its order.
    """

    offer: Offer
    channel_id: uuid.UUID
    breakdown: Breakdown
    coupon: CouponUse | None = None
    parts: tuple[Part, ...] = ()

    @property
    def promise(self) -> str:
        """What one gets, as a word to compare: another one when a title came into a collection or left it."""
        ids = sorted(part.title_id.bytes for part in self.parts)
        return sha256(b"".join(ids)).hexdigest()[:16] if ids else ""

    @property
    def total(self) -> Money:
        return self.breakdown.total


@dataclass(frozen=True, slots=True)
class Purchase:
    id: uuid.UUID
    viewer_id: uuid.UUID
    title_id: uuid.UUID | None
    channel_id: uuid.UUID
    offer_id: uuid.UUID
    kind: OfferKind
    price: Money
    breakdown: Breakdown
    state: PurchaseState
    reason: str
    hosted_url: str
    payment_id: uuid.UUID | None
    created_at: datetime
    paid_at: datetime | None
    refunded: Money
    collection_id: uuid.UUID | None = None
    broadcast_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Entitlement:
    title_id: uuid.UUID
    kind: OfferKind
    granted_at: datetime
    start_by: datetime | None
    started_at: datetime | None
    ends_at: datetime | None
    revoked_at: datetime | None
    held_at: datetime | None = None  # since when a bank is asked for its money
    collection: str = ""  # the name of what it came with; looked up when it is read


@dataclass(frozen=True, slots=True)
class Membership:
    """That a viewer belongs to a channel (None: to every channel of the service), in a tier; higher ones hold lower."""

    channel_id: uuid.UUID | None
    tier: int
    granted_at: datetime
    until: datetime
    ended_at: datetime | None
    held_at: datetime | None = None  # since when a bank is asked for its money


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether somebody may watch, why, and a sentence that support can read to them."""

    allowed: bool
    reason: Reason
    explanation: str
    ends_at: datetime | None = None
    start_by: datetime | None = None  # of a rental that nobody started yet
