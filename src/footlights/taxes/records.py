"""What crosses the door of taxes."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from footlights.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Rate:
    """A row of the tables: what a place asks of services by wire, from a day until another (which it excludes)."""

    area: str  # where one is registered to pay it: a country, or EU for the One-Stop Shop
    country: str  # ISO 3166-1 alpha-2
    region: str  # a province, where the rate is its own
    name: str  # VAT, GST, HST
    rate_bps: int
    valid_from: date
    valid_until: date | None
    is_inclusive: bool  # whether prices are shown with it there
    is_owed_by_business: bool  # whether a business there owes it itself when the seller has no seat there
    source: str


@dataclass(frozen=True, slots=True)
class KnownRate:
    """What Stripe Tax said last that a place asks, in millionths of the net, and since when it says nothing, if so.

    `region` is what it depends on within the country: a province, or a postcode of the United States, whose state is
    `state`.
    """

    country: str
    region: str
    rate_micro: int
    name: str
    learned_on: date
    silent_since: datetime | None = None
    state: str = ""

    @property
    def percent(self) -> str:
        return f"{self.rate_micro / 10_000:g}"


@dataclass(frozen=True, slots=True)
class TaxQuote:
    """A price taken apart: `net` + `tax` is `gross`, exactly. Without tax both are the price and `name` is empty.

    `inclusive`: the price that was asked for holds the tax already; otherwise the tax came on top of it.
    `is_reversed`: the buyer is a business and owes the tax itself (reverse charge), so the price bears none; `relief`
    is what was taken out of a price that held it.
    """

    net: Money
    tax: Money
    gross: Money
    rate_bps: int
    country: str | None
    name: str
    inclusive: bool
    region: str = ""
    is_reversed: bool = False
    relief: Money | None = None

    @property
    def place(self) -> str:
        """Whose tax it is: the country, or its region where it is the region's: DE, CA-QC; empty without tax."""
        return "-".join(filter(None, [self.country, self.region])) if self.tax else ""


class Answer(StrEnum):
    """What is known of a number: its form alone, or what its register said."""

    FORM = "form"
    VALID = "valid"
    INVALID = "invalid"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """That a business's number was looked at, when, and what came of it. `request_id` is the register's proof of it."""

    id: UUID
    number: str
    country: str
    answer: Answer
    at: datetime
    request_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReverseCharge:
    """Of one sale: the buyer's number and the seller's, as the invoice says them, and how the first was checked."""

    number: str
    own_number: str
    check: NumberCheck


@dataclass(frozen=True, slots=True)
class Evidence:
    """What tells where a buyer is, each an ISO 3166-1 code or empty: two that agree are asked for.

    (Implementing Regulation (EU) 282/2011, art. 24b and 24f.) The address itself is not kept; of the United States the
    postcode is, on which the tax depends there.
    """

    address: str = ""  # the country the request's address was given to
    billing: str = ""  # what the buyer said
    payment: str = ""  # the country of the card or account, as the gateway tells it
    postcode: str = ""  # five digits, as the buyer said


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a buyer is taken to be. `is_conflicting`: no two pieces agree, though there are two."""

    country: str
    is_conflicting: bool


@dataclass(frozen=True, slots=True)
class KeptEvidence:
    """The evidence of one purchase and what was made of it."""

    reference: str
    evidence: Evidence
    country: str
    is_conflicting: bool
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Registration:
    """That the service pays the taxes of a place, from a day on."""

    id: UUID
    area: str
    number: str
    since: date
    until: date | None
    is_seat: bool = False  # whether the seller is established there, not only registered

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)
