"""What every payment gateway can do for us, and how it speaks. The one place that says what an adapter must keep.

An adapter never touches our tables, and is never called inside a transaction. Each call may raise
GatewayUnreachableError (nobody knows whether it happened; ask what became of it, or repeat with the same key), of which
GatewayForbiddenError is one (a person has to give our keys a permission), or GatewayRefusedError. What was asked under
one of our references is done once, however often it is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from footlights.kernel.money import Money


class CheckoutStatus(StrEnum):
    OPEN = "open"
    PAID = "paid"
    DECLINED = "declined"
    EXPIRED = "expired"


class RefundStatus(StrEnum):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class SetupStatus(StrEnum):
    OPEN = "open"
    SAVED = "saved"
    FAILED = "failed"


class ContestStatus(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class TransferStatus(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Order:
    """What we ask a gateway to collect. `reference` is ours, and the idempotency key too.

    With a `customer_ref` and `saves_method` the way of paying is kept for later; with a `method_ref` as well, that one
    is charged without the buyer.
    """

    reference: str
    amount: Money
    description: str
    return_path: str = ""
    customer_ref: str = ""
    saves_method: bool = False
    method_ref: str = ""


@dataclass(frozen=True, slots=True)
class KeptMethod:
    """A way of paying that the gateway keeps. `label` is the gateway's word for it, as its holder knows it."""

    ref: str
    label: str
    brand: str = ""
    last4: str = ""
    expires_on: date | None = None  # its last good day


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A refund at the gateway. `key` is what we asked it under; empty when somebody refunds at the gateway itself."""

    ref: str
    key: str
    amount: Money
    status: RefundStatus = RefundStatus.DONE


@dataclass(frozen=True, slots=True)
class Checkout:
    """The gateway's truth about one payment. `amount` is what was charged, or what is asked while nothing was."""

    ref: str
    reference: str
    hosted_url: str
    status: CheckoutStatus
    amount: Money
    reason: str = ""
    needs_buyer: bool = False  # of a decline: with the buyer present it could still be paid
    cost: Money | None = None  # what the gateway keeps for itself, once it says so
    refunds: tuple[GivenBack, ...] = ()
    method: KeptMethod | None = None  # what was kept for later
    fingerprint: str = ""  # by which the gateway knows what was paid with again, whoever pays; "" where it does not say


@dataclass(frozen=True, slots=True)
class Setup:
    """The gateway's truth about a page on which a way of paying is kept, and nothing is paid."""

    ref: str
    reference: str
    hosted_url: str
    status: SetupStatus
    method: KeptMethod | None = None


@dataclass(frozen=True, slots=True)
class Contest:
    """The gateway's truth about a dispute: a buyer asked their bank for the money of our payment `reference`."""

    ref: str
    reference: str
    status: ContestStatus
    amount: Money
    reason: str
    fee: Money | None = None  # what the gateway keeps for it, whoever wins
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """The gateway's truth about where somebody's earnings can be sent. `label` is how its holder knows it."""

    ref: str
    reference: str
    hosted_url: str  # where its holder goes on; it may be good for some minutes only
    is_ready: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """The gateway's truth about money that was sent. What its bank does not take is returned, even days later."""

    ref: str
    reference: str
    status: TransferStatus
    amount: Money
    reason: str = ""
    cost: Money | None = None  # what the gateway asks for sending it, once it says so


class MovementKind(StrEnum):
    CHARGE = "charge"
    REFUND = "refund"
    DISPUTE = "dispute"
    FEE = "fee"
    PAYOUT = "payout"
    OTHER = "other"  # the gateway's own business with us: what it sends to our bank, what it asks for by the month


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of the gateway's own account of what it holds for us; above zero is what came to us.

    What comes back (a refund that failed, a dispute that was won, a payout that was returned) is a line of its own, of
    the same kind and `reference`: ours, of the payment or payout it is about; empty when the gateway knows of none.
    """

    ref: str
    kind: MovementKind
    reference: str
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class MovementPage:
    movements: tuple[Movement, ...]
    after: str = ""  # where the next page begins; empty on the last


Truth = Checkout | Setup | Contest | Account | Transfer


class Gateway(Protocol):
    name: str

    def open_customer(self, payer: str) -> str:
        """The gateway's reference for one who pays, under which their ways of paying are kept."""

    def open_checkout(self, order: Order) -> Checkout:
        """Open a hosted page. The same reference opens the same page again."""

    def charge(self, order: Order) -> Checkout:
        """Charge a kept way of paying, without the buyer, once for each reference."""

    def find_checkout(self, order: Order) -> Checkout | None:
        """What became of an order whose answer was lost.

        None when the gateway knows nothing of it, or tells only whoever asks the same again. Either way asking again
        charges once.
        """

    def fetch_checkout(self, ref: str) -> Checkout:
        """The truth now."""

    def fetch_event(self, event_id: str) -> Truth | None:
        """The truth now about what an event told of; None when that is nothing we care for."""

    def expire_checkout(self, ref: str) -> Checkout:
        """Close a page nobody paid on. One that was paid in the meantime comes back as paid."""

    def refund(self, *, ref: str, key: str, amount: Money) -> Checkout:
        """Give some of the money back, once for each key."""

    def open_setup(self, *, reference: str, customer_ref: str, return_path: str) -> Setup:
        """Open a hosted page that keeps a way of paying. The same reference opens the same page again."""

    def fetch_setup(self, ref: str) -> Setup:
        """The truth now."""

    def forget_method(self, ref: str) -> None:
        """Keep it no longer. One that is not there is forgotten already."""

    def fetch_contest(self, ref: str) -> Contest:
        """The truth now about a dispute."""

    def list_contests(self, ref: str) -> tuple[Contest, ...]:
        """The truth now about each dispute of what was paid at this checkout; nothing where nobody disputes it."""

    def answer_contest(self, *, ref: str, evidence: str) -> Contest:
        """Hand in what speaks for us, once; what was handed in before stays. At most 20,000 characters."""

    def open_account(self, *, reference: str, ref: str, return_path: str) -> Account:
        """Open a hosted page on which somebody says where their earnings go. With `ref`, to go on with that one."""

    def fetch_account(self, ref: str) -> Account:
        """The truth now."""

    def send(self, *, reference: str, account_ref: str, amount: Money) -> Transfer:
        """Send money to somebody, once for each reference."""

    def find_transfer(self, *, reference: str, account_ref: str, asked_at: datetime) -> Transfer | None:
        """What became of a transfer whose answer was lost, and which was first asked for then.

        None when the gateway knows nothing of it, or tells only whoever asks the same again. Either way asking again
        sends once.
        """

    def fetch_transfer(self, *, ref: str, account_ref: str) -> Transfer:
        """The truth now."""

    def list_movements(self, *, since: datetime, until: datetime, after: str = "") -> MovementPage:
        """What moved from `since` up to `until`, as the gateway has it; a page of it, beginning `after` another's."""

    def list_lacks(self) -> tuple[str, ...]:
        """What we need and our keys may not do, in the gateway's words; nothing where only a trial would tell."""

    def verify_webhook(self, *, headers: Mapping[str, str], body: bytes, at: datetime) -> str:
        """The event's id, when the webhook is the gateway's and fresh. Raises WebhookRefusedError."""
