"""What the world does at each gateway, so that the same claims can be made of all of them."""

import json
from datetime import datetime
from typing import Protocol

import stripe

from footlights.kernel.clock import now
from footlights.payments.adapters import signatures
from footlights.payments.adapters.gateway import Account, Checkout, Gateway, Setup, Transfer
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.adapters.sandbox import disputes, payouts
from footlights.payments.adapters.sandbox.models import SandboxCheckout, SandboxDispute, SandboxMethod
from footlights.payments.adapters.sandbox.secret import webhook_secret
from footlights.payments.api import sandbox
from footlights.payments.tests.contract.paypal_service import PayPalService
from footlights.payments.tests.contract.stripe_service import StripeService


class Driver(Protocol):
    gateway: Gateway
    keeps: str  # what is kept for later: a card with its digits and its end, or a wallet

    def pay(self, checkout: Checkout) -> None: ...
    def keep(self, setup: Setup) -> None: ...
    def spoil(self, method_ref: str, how: str) -> None: ...
    def dispute(self, checkout: Checkout) -> str: ...
    def decide(self, contest_ref: str, *, won: bool) -> None: ...
    def choose_bank(self, account: Account) -> None: ...
    def bank_says(self, transfer: Transfer, status: str) -> None: ...
    def signed(self, body: bytes, at: datetime) -> dict[str, str]: ...


class SandboxDriver:
    keeps = "card"

    def __init__(self) -> None:
        self.gateway = gateway_named("sandbox")

    def pay(self, checkout: Checkout) -> None:
        sandbox.pay(checkout.ref, card=sandbox.CARDS["known"], at=now())

    def keep(self, setup: Setup) -> None:
        sandbox.pay(setup.ref, card=sandbox.CARDS["paid"], at=now())

    def spoil(self, method_ref: str, how: str) -> None:
        card = {"broke": "broke_later", "asks": "challenge", "error": "error"}[how]
        SandboxMethod.objects.filter(pk=method_ref).update(card=card)

    def dispute(self, checkout: Checkout) -> str:
        disputes.open_dispute(checkout.ref, at=now())
        return SandboxDispute.objects.get(checkout_id=checkout.ref).pk

    def decide(self, contest_ref: str, *, won: bool) -> None:
        card = "disputed" if won else "disputed_lost"
        SandboxCheckout.objects.filter(dispute__pk=contest_ref).update(card=card)
        disputes.decide(contest_ref, at=now())

    def choose_bank(self, account: Account) -> None:
        sandbox.choose_bank(account.ref, bank="pays", at=now())

    def bank_says(self, transfer: Transfer, status: str) -> None:
        payouts.settle(transfer.ref, status=status, at=now())

    def signed(self, body: bytes, at: datetime) -> dict[str, str]:
        return signatures.sign(secret=webhook_secret(), message_id=json.loads(body)["id"], body=body, at=at)


class StripeDriver:
    keeps = "card"
    secret = "whsec_for_tests"

    def __init__(self, service: StripeService) -> None:
        self.gateway = gateway_named("stripe")
        self.service = service

    def pay(self, checkout: Checkout) -> None:
        self.service.pay(checkout.ref)

    def keep(self, setup: Setup) -> None:
        self.service.keep(setup.ref)

    def spoil(self, method_ref: str, how: str) -> None:
        if how == "error":
            self.service.errors_to_store = 1
        else:
            code = {"broke": "insufficient_funds", "asks": "authentication_required"}[how]
            self.service.things[method_ref]["card"]["declines"] = code

    def dispute(self, checkout: Checkout) -> str:
        return self.service.dispute(self.service.things[checkout.ref]["payment_intent"])

    def decide(self, contest_ref: str, *, won: bool) -> None:
        self.service.things[contest_ref]["status"] = "won" if won else "lost"

    def choose_bank(self, account: Account) -> None:
        self.service.things[account.ref] |= {
            "payouts_enabled": True,
            "details_submitted": True,
            "external_accounts": {
                "object": "list",
                "data": [{"object": "bank_account", "id": "ba", "bank_name": "TEST BANK", "last4": "6789"}],
            },
        }

    def bank_says(self, transfer: Transfer, status: str) -> None:
        wanted = {"paid": "paid", "returned": "failed"}[status]
        for thing in self.service.things.values():
            if thing["object"] == "payout" and thing["metadata"].get("reference") == transfer.reference:
                thing |= {"status": wanted, "failure_message": "The account was closed."}

    def signed(self, body: bytes, at: datetime) -> dict[str, str]:
        timestamp = int(at.timestamp())
        digest = stripe.WebhookSignature._compute_signature(f"{timestamp}.{body.decode()}", self.secret)
        return {"stripe-signature": f"t={timestamp},v1={digest}"}


class PayPalDriver:
    keeps = "wallet"

    def __init__(self, service: PayPalService) -> None:
        self.gateway = gateway_named("paypal")
        self.service = service

    def pay(self, checkout: Checkout) -> None:
        self.service.approve(checkout.ref)

    def keep(self, setup: Setup) -> None:
        self.service.agree(setup.ref.rpartition("/")[2])

    def spoil(self, method_ref: str, how: str) -> None:
        if how == "error":
            self.service.errors_to_store = 1
        else:
            issue = {"broke": "INSTRUMENT_DECLINED", "asks": "PAYER_ACTION_REQUIRED"}[how]
            self.service.things[method_ref]["_declines"] = issue

    def dispute(self, checkout: Checkout) -> str:
        return self.service.dispute(checkout.ref)

    def decide(self, contest_ref: str, *, won: bool) -> None:
        self.service.decide(contest_ref, won=won)

    def choose_bank(self, account: Account) -> None:
        self.service.onboard(account.ref)

    def bank_says(self, transfer: Transfer, status: str) -> None:
        self.service.bank_says(transfer.ref, {"paid": "SUCCESS", "returned": "RETURNED"}[status])

    def signed(self, body: bytes, at: datetime) -> dict[str, str]:
        return self.service.signed(body, at)
