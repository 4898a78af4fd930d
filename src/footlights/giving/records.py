"""What crosses the door of giving."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from footlights.kernel.money import Money


class State(StrEnum):
    """Of the money of what is given."""

    PENDING = "pending"
    UNKNOWN = "unknown"
    PAID = "paid"
    DECLINED = "declined"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTip:
    """What somebody wants to give: to a channel, or for one of its titles."""

    channel_id: uuid.UUID
    amount: Money
    title_id: uuid.UUID | None = None
    message: str = ""
    is_anonymous: bool = False
    about: str = ""  # a word for whoever hears of it: where it was given ("room:<id>")


@dataclass(frozen=True, slots=True)
class Tip:
    """As its giver sees it."""

    id: uuid.UUID
    giver_id: uuid.UUID
    channel_id: uuid.UUID
    title_id: uuid.UUID | None
    amount: Money
    message: str
    is_anonymous: bool
    state: State
    reason: str
    hosted_url: str
    payment_id: uuid.UUID | None
    created_at: datetime
    paid_at: datetime | None
    refunded: Money
    about: str


@dataclass(frozen=True, slots=True)
class PaidGiving:
    """What a payment was for: a tip or a gift; `causes` are its journals."""

    given: "Tip | Gift"
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReceivedTip:
    """A tip that was paid, as its channel sees it. Without a `giver_id` they wished to stay unnamed.

    `shared` went to collaborators, `net` to the channel; `left` is what the channel has of it now.
    """

    id: uuid.UUID
    giver_id: uuid.UUID | None
    title_id: uuid.UUID | None
    amount: Money
    message: str
    fee: Money
    shared: Money
    net: Money
    refunded: Money
    left: Money
    state: State
    at: datetime
    refunded_at: datetime | None


class Whose(StrEnum):
    """By what a burst is counted: who gives, from which block of addresses, or to whom."""

    ACCOUNT = "account"
    NETWORK = "network"
    RECEIVER = "receiver"


@dataclass(frozen=True, slots=True)
class Burst:
    """What was given within an hour, and what cards were declined for, that looks like stolen cards."""

    whose: Whose
    giver_id: uuid.UUID  # of what was looked at; the account's own where it is one's
    references: tuple[str, ...]  # of what went through
    declined: int


@dataclass(frozen=True, slots=True)
class TipJar:
    """Whether a channel takes tips, and what it says to whoever gave one."""

    is_open: bool = False
    thanks: str = ""


@dataclass(frozen=True, slots=True)
class TipLimits:
    """The least and the most, both included, and what is suggested, the least first."""

    least: Money
    most: Money
    suggested: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class TipTotals:
    """Of one channel in one currency; what went back counts as never given."""

    count: int
    given: Money
    net: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGift:
    """What somebody wants to give to somebody: an offer of a title, a word with it, and how it gets there.

    Without a `recipient` (an e-mail address) its giver hands the link over; without `send_at` it is sent once paid.
    """

    offer_id: uuid.UUID
    recipient: str = ""
    sender: str = ""
    message: str = ""
    send_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gift:
    """As its giver sees it. `send_at` is when it is sent next, `sent_at` when it was last."""

    id: uuid.UUID
    giver_id: uuid.UUID
    channel_id: uuid.UUID
    title_id: uuid.UUID | None  # or a collection, or a ticket to a broadcast
    collection_id: uuid.UUID | None
    broadcast_id: uuid.UUID | None
    offer_id: uuid.UUID
    promised: tuple[uuid.UUID, ...]  # the titles of the collection, as they were at the click
    amount: Money
    code: str
    recipient: str
    sender: str
    message: str
    send_at: datetime | None
    sent_at: datetime | None
    sent_times: int
    state: State
    reason: str
    hosted_url: str
    payment_id: uuid.UUID | None
    created_at: datetime
    paid_at: datetime | None
    redeemed_at: datetime | None
    redeemed_by: uuid.UUID | None
    withdrawn_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Paid, and nobody has opened it."""
        return self.state is State.PAID and self.redeemed_at is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class SoldGift:
    """A gift that was paid, as its channel sees it: no word about who gave or got it. Earned once it is redeemed."""

    id: uuid.UUID
    title_id: uuid.UUID | None
    collection_id: uuid.UUID | None
    broadcast_id: uuid.UUID | None
    amount: Money
    tax: Money
    fee: Money
    shared: Money
    net: Money
    refunded: Money
    left: Money
    state: State
    at: datetime
    redeemed_at: datetime | None
    refunded_at: datetime | None


@dataclass(frozen=True, slots=True)
class GiftTotals:
    """Of one channel in one currency: gifts that wait to be opened, those that were, and what was earned of them."""

    waiting: int
    opened: int
    net: Money


@dataclass(frozen=True, slots=True)
class TitleGiven:
    """What came in by opened gifts of one thing, and tips to it; without an id to the channel itself."""

    title_id: uuid.UUID | None
    collection_id: uuid.UUID | None
    broadcast_id: uuid.UUID | None
    gifts: int
    tips: int
    gross: Money
    net: Money
