"""What crosses the door of payouts."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from footlights.kernel.money import Money
from footlights.terms.api import PayoutTerms


class PayoutState(StrEnum):
    """Where a payout stands. See SOURCES in policies.py for the moves between them."""

    WAITING = "waiting"  # the money is set aside; a second person has to say yes
    ASKED = "asked"  # the money is set aside; the gateway is being asked, or has not decided
    PAID = "paid"  # the bank has it
    REFUSED = "refused"  # a person said no; the money is available again
    RETURNED = "returned"  # the gateway or the bank sent it back; the money is available again


@dataclass(frozen=True, slots=True)
class Payout:
    id: uuid.UUID
    account: str
    amount: Money
    period: str
    state: PayoutState
    reason: str
    destination_label: str
    asked_by: uuid.UUID | None
    decided_by: uuid.UUID | None
    created_at: datetime
    state_at: datetime


@dataclass(frozen=True, slots=True)
class Destination:
    """An account at a bank that money may be sent to from `usable_from` on. `label` shows its end alone."""

    id: uuid.UUID
    account: str
    label: str
    set_at: datetime
    usable_from: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """A part of what was earned that does not leave the house for now, and why."""

    id: uuid.UUID
    account: str
    amount: Money
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Reserve:
    """The part of what was earned in the last `days` that stays for them; the first of it goes free on `from_day`."""

    amount: Money
    bps: int
    days: int
    from_day: date

    @property
    def percent(self) -> str:
        return f"{self.bps / 100:g} %"


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of an account's balance may go, and what each part of the rest waits for; the parts sum to `balance`.

    `held` counts the `holds` and the `reserve`.

    `available` is below zero while more was given back than is left: what comes next settles that first.
    """

    account: str
    balance: Money
    fresh: Money  # earned within the last `hold_days`
    held: Money
    available: Money
    terms: PayoutTerms  # in this currency
    holds: tuple[Hold, ...] = ()
    reserve: Reserve | None = None
    is_withheld: bool = False  # all that would be available waits for the payee's tax details

    @property
    def hold_days(self) -> int:
        return self.terms.hold_days


@dataclass(frozen=True, slots=True)
class NextPayout:
    """What the schedule will do by itself: on which day, or `reason` why it will not."""

    on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a payee would give and get: `rate` is how much of the one for one of the other, of the day `on`."""

    gives: Money
    gets: Money
    rate: Decimal
    on: date
