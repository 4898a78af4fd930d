"""A gateway that does what a test tells it, beside the sandbox."""

from dataclasses import replace
from datetime import datetime

import pytest

from footlights.accounts.testing import make_person
from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.payments.adapters import registry
from footlights.payments.adapters.gateway import (
    Account,
    Checkout,
    CheckoutStatus,
    Contest,
    GivenBack,
    Order,
    RefundStatus,
    Setup,
    SetupStatus,
    Transfer,
    TransferStatus,
)
from footlights.payments.api import GatewayRefusedError, GatewayUnreachableError, Payment, open_payment


class ObedientGateway:
    """Keeps one truth for each checkout; `silent` makes it swallow answers after doing what was asked."""

    name = "obedient"

    def __init__(self) -> None:
        self.truths: dict[str, Checkout] = {}
        self.setups: dict[str, Setup] = {}
        self.forgotten: list[str] = []
        self.accounts: dict[str, Account] = {}
        self.transfers: dict[str, Transfer] = {}
        self.contests: dict[str, Contest] = {}
        self.evidence: list[str] = []
        self.charges_end = CheckoutStatus.PAID
        self.calls: list[str] = []
        self.refused: set[str] = set()
        self.silent = False
        self.lacks: tuple[str, ...] = ()

    def open_customer(self, payer: str) -> str:
        return f"customer-{payer}"

    def open_checkout(self, order: Order) -> Checkout:
        ref = f"ref-{order.reference}"
        self.truths.setdefault(ref, Checkout(ref, order.reference, f"/pay/{ref}", CheckoutStatus.OPEN, order.amount))
        return self._answer("open", ref)

    def charge(self, order: Order) -> Checkout:
        ref = f"ref-{order.reference}"
        self.truths.setdefault(ref, Checkout(ref, order.reference, "", self.charges_end, order.amount))
        return self._answer("charge", ref)

    def find_checkout(self, order: Order) -> Checkout | None:
        ref = f"ref-{order.reference}"
        return self._answer("find", ref) if ref in self.truths else None

    def fetch_checkout(self, ref: str) -> Checkout:
        return self._answer("fetch", ref)

    def fetch_event(self, event_id: str) -> Checkout:
        return self._answer("event", event_id)

    def expire_checkout(self, ref: str) -> Checkout:
        if self.truths[ref].status is CheckoutStatus.OPEN:
            self.decide(ref, CheckoutStatus.EXPIRED)
        return self._answer("expire", ref)

    def refund(self, *, ref: str, key: str, amount: Money) -> Checkout:
        if key not in {given.key for given in self.truths[ref].refunds}:
            self.give_back(ref, amount, key=key)
        return self._answer("refund", ref)

    def give_back(self, ref: str, amount: Money, *, key: str = "", status: RefundStatus = RefundStatus.DONE) -> None:
        old = self.truths[ref]
        given = GivenBack(f"re-{len(old.refunds)}", key, amount, status)
        self.truths[ref] = replace(old, refunds=(*old.refunds, given))

    def finish_refund(self, ref: str, status: RefundStatus) -> None:
        old = self.truths[ref]
        self.truths[ref] = replace(old, refunds=tuple(replace(refund, status=status) for refund in old.refunds))

    def charge_cost(self, ref: str, cost: Money) -> None:
        self.truths[ref] = replace(self.truths[ref], cost=cost)

    def open_setup(self, *, reference: str, customer_ref: str, return_path: str) -> Setup:
        ref = f"setup-{reference}"
        self.setups.setdefault(ref, Setup(ref, reference, f"/keep/{ref}", SetupStatus.OPEN))
        return self.fetch_setup(ref)

    def fetch_setup(self, ref: str) -> Setup:
        if self.silent:
            raise GatewayUnreachableError("No answer.")
        return self.setups[ref]

    def forget_method(self, ref: str) -> None:
        self.forgotten.append(ref)

    def verify_webhook(self, *, headers, body, at) -> str:
        return body.decode()

    def open_account(self, *, reference: str, ref: str, return_path: str) -> Account:
        self.accounts.setdefault(reference, Account(f"account-{reference}", reference, "/bank", is_ready=False))
        if self.silent:
            raise GatewayUnreachableError("No answer.")
        return self.accounts[reference]

    def fetch_account(self, ref: str) -> Account:
        return self.accounts[ref.removeprefix("account-")]

    def send(self, *, reference: str, account_ref: str, amount: Money) -> Transfer:
        ref = f"transfer-{reference}"
        self.transfers.setdefault(ref, Transfer(ref, reference, TransferStatus.PENDING, amount))
        self.calls.append("send")
        return self.fetch_transfer(ref=ref, account_ref=account_ref)

    def find_transfer(self, *, reference: str, account_ref: str, asked_at: datetime) -> Transfer | None:
        self.calls.append("find")
        return self.transfers.get(f"transfer-{reference}")

    def fetch_transfer(self, *, ref: str, account_ref: str) -> Transfer:
        if self.silent:
            raise GatewayUnreachableError("No answer.")
        if ref in self.refused:
            raise GatewayRefusedError("No.")
        return self.transfers[ref]

    def list_lacks(self) -> tuple[str, ...]:
        if self.silent:
            raise GatewayUnreachableError("No answer.")
        return self.lacks

    def fetch_contest(self, ref: str) -> Contest:
        if self.silent:
            raise GatewayUnreachableError("No answer.")
        return self.contests[ref]

    def answer_contest(self, *, ref: str, evidence: str) -> Contest:
        if self.silent:
            raise GatewayUnreachableError("No answer.")
        if ref in self.refused:
            raise GatewayRefusedError("No.")
        self.evidence.append(evidence)
        return self.contests[ref]

    def decide(self, ref: str, status: CheckoutStatus, amount: Money | None = None, reason: str = "") -> None:
        old = self.truths[ref]
        self.truths[ref] = replace(old, status=status, amount=old.amount if amount is None else amount, reason=reason)

    def _answer(self, call: str, ref: str) -> Checkout:
        self.calls.append(call)
        if {ref, ""} & self.refused:
            raise GatewayRefusedError("No.")
        if self.silent:
            raise GatewayUnreachableError("No answer.")
        return self.truths[ref]


@pytest.fixture
def gateway(monkeypatch, settings) -> ObedientGateway:
    obedient = ObedientGateway()
    monkeypatch.setitem(registry._gateways, obedient.name, obedient)
    settings.PAYMENT_GATEWAY = obedient.name
    return obedient


@pytest.fixture
def published(monkeypatch) -> list[object]:
    """What is published, and reaches nobody."""
    seen: list[object] = []
    monkeypatch.setattr("footlights.kernel.events.publish", seen.append)
    return seen


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
