"""What every payment gateway can do for us, and how it speaks. The one place that says what an adapter must keep.

An adapter never touches our tables, and is never called inside a transaction. Each call may raise
GatewayUnreachableError (nobody knows whether it happened; repeat with the same key) or GatewayRefusedError.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from footlights.kernel.money import Money


class CheckoutStatus(StrEnum):
    OPEN = "open"
    PAID = "paid"
    DECLINED = "declined"
    EXPIRED = "expired"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Order:
    """What we ask a gateway to collect. `reference` is ours, and the idempotency key too."""

    reference: str
    amount: Money
    description: str
    return_path: str


@dataclass(frozen=True, slots=True)
class Checkout:
    """The gateway's truth about one checkout. `amount` is what was charged, or what is asked while nothing was."""

    ref: str
    reference: str
    hosted_url: str
    status: CheckoutStatus
    amount: Money
    reason: str = ""


class Gateway(Protocol):
    name: str

    def open_checkout(self, order: Order) -> Checkout:
        """Open a hosted page. The same reference opens the same page again."""

    def fetch_checkout(self, ref: str) -> Checkout:
        """The truth now."""

    def fetch_event(self, event_id: str) -> Checkout:
        """The truth now about the checkout that an event told of."""

    def expire_checkout(self, ref: str) -> Checkout:
        """Close a page nobody paid on. One that was paid in the meantime comes back as paid."""

    def refund(self, *, ref: str, amount: Money, idempotency_key: str) -> Checkout:
        """Give the money back, once for each key."""

    def verify_webhook(self, *, headers: Mapping[str, str], body: bytes, at: datetime) -> str:
        """The event's id, when the webhook is the gateway's and fresh. Raises WebhookRefusedError."""
