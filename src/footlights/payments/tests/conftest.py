"""A gateway that does what a test tells it, beside the sandbox."""

import pytest

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.payments.adapters import registry
from footlights.payments.adapters.gateway import Checkout, CheckoutStatus, Order
from footlights.payments.api import GatewayUnreachableError, Payment, open_payment


class ObedientGateway:
    """Keeps one truth for each checkout; `silent` makes it swallow answers after doing what was asked."""

    name = "obedient"

    def __init__(self) -> None:
        self.truths: dict[str, Checkout] = {}
        self.calls: list[str] = []
        self.refund_keys: set[str] = set()
        self.silent = False

    def open_checkout(self, order: Order) -> Checkout:
        ref = f"ref-{order.reference}"
        self.truths.setdefault(ref, Checkout(ref, order.reference, f"/pay/{ref}", CheckoutStatus.OPEN, order.amount))
        return self._answer("open", ref)

    def fetch_checkout(self, ref: str) -> Checkout:
        return self._answer("fetch", ref)

    def fetch_event(self, event_id: str) -> Checkout:
        return self._answer("event", event_id)

    def expire_checkout(self, ref: str) -> Checkout:
        if self.truths[ref].status is CheckoutStatus.OPEN:
            self.decide(ref, CheckoutStatus.EXPIRED)
        return self._answer("expire", ref)

    def refund(self, *, ref: str, amount: Money, idempotency_key: str) -> Checkout:
        assert amount == self.truths[ref].amount
        self.refund_keys.add(idempotency_key)
        self.decide(ref, CheckoutStatus.REFUNDED)
        return self._answer("refund", ref)

    def verify_webhook(self, *, headers, body, at) -> str:
        return body.decode()

    def decide(self, ref: str, status: CheckoutStatus, amount: Money | None = None, reason: str = "") -> None:
        old = self.truths[ref]
        self.truths[ref] = Checkout(
            ref, old.reference, old.hosted_url, status, old.amount if amount is None else amount, reason
        )

    def _answer(self, call: str, ref: str) -> Checkout:
        self.calls.append(call)
        if self.silent:
            raise GatewayUnreachableError("No answer.")
        return self.truths[ref]


@pytest.fixture
def gateway(monkeypatch, settings) -> ObedientGateway:
    obedient = ObedientGateway()
    monkeypatch.setitem(registry._gateways, obedient.name, obedient)
    settings.PAYMENT_GATEWAY = obedient.name
    return obedient


def ask(**changes) -> Payment:
    """A payment of 4.00 EUR for thing 1."""
    asked = {
        "reference": "thing:1",
        "amount": Money(400, "EUR"),
        "description": "A thing",
        "return_path": "/back",
        "idempotency_key": "k",
        "at": now(),
    }
    return open_payment(**(asked | changes))


@pytest.fixture
def payment(db) -> Payment:
    make_person()  # an installation without people answers nobody
    return ask()
