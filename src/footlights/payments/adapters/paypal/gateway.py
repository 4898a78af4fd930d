"""Our adapter to PayPal."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from footlights.kernel.clock import now
from footlights.kernel.money import Money
from footlights.payments.adapters.gateway import (
    Account,
    Checkout,
    CheckoutStatus,
    Contest,
    MovementPage,
    Order,
    Setup,
    SetupStatus,
    Transfer,
    Truth,
)
from footlights.payments.adapters.paypal import calls, movements, permissions, sending, truths, webhooks
from footlights.payments.adapters.paypal.amounts import to_paypal
from footlights.payments.adapters.paypal.calls import NOT_FOUND, PayPalRefusedError, links_of
from footlights.payments.adapters.paypal.evidence import as_form
from footlights.payments.errors import GatewayRefusedError, GatewayUnreachableError

ORDERS, CAPTURES = "/v2/checkout/orders", "/v2/payments/captures"
SETUPS, METHODS = "/v3/vault/setup-tokens", "/v3/vault/payment-tokens"
DISPUTES, EVENTS = "/v1/customer/disputes", "/v1/notifications/webhooks-events"
DESCRIPTION_LENGTH_MAX = 127
PAYS_NOW = {"user_action": "PAY_NOW", "payment_method_preference": "IMMEDIATE_PAYMENT_REQUIRED"}
ORDER_ID = re.compile("[0-9A-Z]{17}")
CAPTURED_BEFORE, PAID_BEFORE = "ORDER_ALREADY_CAPTURED", "DUPLICATE_INVOICE_ID"
OURS_FIRST = "/"  # a setup keeps no word of ours: our reference stands before PayPal's name for it


class PayPalGateway:
    name = "paypal"

    def open_customer(self, payer: str) -> str:
        """PayPal makes a customer when the first wallet is kept, and keeps our name for them."""
        return payer

    def open_checkout(self, order: Order) -> Checkout:
        wallet: dict[str, Any] = {"experience_context": _experience(order.return_path) | PAYS_NOW}
        if order.saves_method:
            vault = {"store_in_vault": "ON_SUCCESS", "usage_type": "MERCHANT", "customer_type": "CONSUMER"}
            wallet["attributes"] = {
                "customer": {"merchant_customer_id": order.customer_ref},
                "vault": vault | {"permit_multiple_payment_tokens": True},
            }
        return truths.order_truth(calls.post(ORDERS, _asked(order, wallet), key=f"checkout:{order.reference}"))

    def charge(self, order: Order) -> Checkout:
        """Taken in one step. One that PayPal has under this invoice's number already was made before: it is found."""
        wallet = {
            "vault_id": order.method_ref,
            "stored_credential": {
                "payment_initiator": "MERCHANT",
                "charge_pattern": "UNSCHEDULED_PREPAID",
                "usage": "SUBSEQUENT",
            },
        }
        try:
            made = calls.post(ORDERS, _asked(order, wallet), key=f"charge:{order.reference}")
        except PayPalRefusedError as error:
            return self._not_charged(order, error)
        if made.get("status") == "PAYER_ACTION_REQUIRED":
            return truths.declined(
                ref=str(made["id"]), reference=order.reference, amount=order.amount, issues=["PAYER_ACTION_REQUIRED"]
            )
        return self.fetch_checkout(str(made["id"]))

    def find_checkout(self, order: Order) -> Checkout | None:
        """In PayPal's account of what it holds, hours later; before that, asking again with the key finds it.

        So it does for a page. Where the account cannot be read, nothing is lost by asking again either.
        """
        if not order.method_ref:
            return None
        try:
            capture = movements.find_capture(order.reference, order.amount, until=now())
        except GatewayUnreachableError:
            return None
        return self._fetch_of_capture(capture) if capture else None

    def fetch_checkout(self, ref: str) -> Checkout:
        """What the buyer approved is captured now: they are told that it is paid when they come back.

        PayPal forgets after some hours a page on which nobody approved; then it is over.
        """
        try:
            order = calls.get(f"{ORDERS}/{ref}")
        except PayPalRefusedError as error:
            if error.status != NOT_FOUND or not ORDER_ID.fullmatch(ref):
                raise
            return Checkout(ref, "", "", CheckoutStatus.EXPIRED, Money(0, settings.PLATFORM_CURRENCY))
        return self._capture(order) if order["status"] == "APPROVED" else truths.order_truth(order)

    def fetch_event(self, event_id: str) -> Truth | None:
        event = calls.get(f"{EVENTS}/{event_id}")
        told = event["resource"]
        kind = str(event["event_type"])
        for prefix, fetch in self._fetchers().items():
            if kind.startswith(prefix):
                return fetch(told)
        return None

    def expire_checkout(self, ref: str) -> Checkout:
        """PayPal's page cannot be closed. What is approved on it later is paid late, and dealt with as that."""
        checkout = self.fetch_checkout(ref)
        is_waiting = checkout.status is CheckoutStatus.OPEN and bool(checkout.hosted_url)
        return replace(checkout, status=CheckoutStatus.EXPIRED) if is_waiting else checkout

    def refund(self, *, ref: str, key: str, amount: Money) -> Checkout:
        """What was asked under the key already is found among the refunds, also when its answer was an error."""
        before = self.fetch_checkout(ref)
        if key not in {given.key for given in before.refunds}:
            calls.post(
                f"{CAPTURES}/{self._capture_of(ref)}/refund",
                {"amount": to_paypal(amount), "custom_id": f"{before.reference}{truths.BETWEEN}{key}"},
                key=f"refund:{key}",
            )
        return self.fetch_checkout(ref)

    def open_setup(self, *, reference: str, customer_ref: str, return_path: str) -> Setup:
        wallet = {
            "usage_type": "MERCHANT",
            "customer_type": "CONSUMER",
            "permit_multiple_payment_tokens": True,
            "experience_context": _experience(return_path),
        }
        asked = {"customer": {"merchant_customer_id": customer_ref}, "payment_source": {"paypal": wallet}}
        made = calls.post(SETUPS, asked, key=f"setup:{reference}")
        ref = f"{reference}{OURS_FIRST}{made['id']}"
        return Setup(ref, reference, links_of(made).get("approve", ""), SetupStatus.OPEN)

    def fetch_setup(self, ref: str) -> Setup:
        """What its holder agreed to is kept now. A page that PayPal has forgotten is over."""
        reference, _, token = ref.rpartition(OURS_FIRST)
        try:
            setup = calls.get(f"{SETUPS}/{token}")
        except PayPalRefusedError as error:
            if error.status != NOT_FOUND or not reference:
                raise
            return Setup(ref, reference, "", SetupStatus.FAILED)
        if setup["status"] not in {"APPROVED", "VAULTED"}:
            return Setup(ref, reference, links_of(setup).get("approve", ""), SetupStatus.OPEN)
        source = {"payment_source": {"token": {"id": token, "type": "SETUP_TOKEN"}}}
        kept = calls.post(METHODS, source, key=f"method:{reference}")
        wallet = (kept.get("payment_source") or {}).get("paypal") or {}
        return Setup(ref, reference, "", SetupStatus.SAVED, truths.method_truth(str(kept["id"]), wallet))

    def forget_method(self, ref: str) -> None:
        with suppress(PayPalRefusedError):  # it is not there any more: forgotten already
            calls.delete(f"{METHODS}/{ref}")

    def fetch_contest(self, ref: str) -> Contest:
        """Raises GatewayRefusedError while both sides only talk: nothing is taken yet."""
        contest = self._fetch_contest(ref)
        if contest is None:
            raise GatewayRefusedError("The buyer only asks.")
        return contest

    def list_contests(self, ref: str) -> tuple[Contest, ...]:
        """PayPal's list holds half a year, and of each too little to tell: each is fetched."""
        found = calls.get(f"{DISPUTES}?{urlencode({'disputed_transaction_id': self._capture_of(ref)})}")
        contests = (self._fetch_contest(str(each["dispute_id"])) for each in found.get("items") or ())
        return tuple(contest for contest in contests if contest)

    def answer_contest(self, *, ref: str, evidence: str) -> Contest:
        """PayPal offers to take an answer for as long as it does: what was handed in before stays."""
        dispute = calls.get(f"{DISPUTES}/{ref}")
        if "provide_evidence" in links_of(dispute):
            body, content_type = as_form(evidence)
            calls.post_form(f"{DISPUTES}/{ref}/provide-evidence", body, content_type)
        return self.fetch_contest(ref)

    def open_account(self, *, reference: str, ref: str, return_path: str) -> Account:
        return sending.open_account(reference=ref or reference, return_path=return_path)

    def fetch_account(self, ref: str) -> Account:
        return sending.fetch_account(ref)

    def send(self, *, reference: str, account_ref: str, amount: Money) -> Transfer:
        return sending.send(reference=reference, account_ref=account_ref, amount=amount)

    def find_transfer(self, *, reference: str, account_ref: str, asked_at: datetime) -> Transfer | None:  # noqa: ARG002
        """For thirty days PayPal, asked to send it again, names what it took under a reference, and sends nothing.

        After that it would send it again: it is looked for in PayPal's account first.
        """
        return None if now() - asked_at < sending.NAMES_IT_FOR else sending.find_in_account(reference, since=asked_at)

    def fetch_transfer(self, *, ref: str, account_ref: str) -> Transfer:  # noqa: ARG002
        return sending.fetch(ref)

    def list_movements(self, *, since: datetime, until: datetime, after: str = "") -> MovementPage:
        return movements.list_page(since=since, until=until, after=after)

    def list_lacks(self) -> tuple[str, ...]:
        return permissions.lacking(calls.granted())

    def verify_webhook(self, *, headers: Mapping[str, str], body: bytes, at: datetime) -> str:
        return webhooks.verify(headers=headers, body=body, at=at)

    def _capture(self, order: dict[str, Any]) -> Checkout:
        ref, seen = str(order["id"]), truths.order_truth(order)
        try:
            calls.post(f"{ORDERS}/{ref}/capture", {}, key=f"capture:{ref}")
        except PayPalRefusedError as error:
            if CAPTURED_BEFORE not in error.issues:
                if truths.DECLINES.isdisjoint(error.issues):
                    raise
                return truths.declined(ref=ref, reference=seen.reference, amount=seen.amount, issues=error.issues)
        return truths.order_truth(calls.get(f"{ORDERS}/{ref}"))

    def _not_charged(self, order: Order, error: PayPalRefusedError) -> Checkout:
        """Raises GatewayUnreachableError while PayPal says that it was paid before, and does not say where."""
        if PAID_BEFORE in error.issues:
            found = self.find_checkout(order)
            if found is None:
                raise GatewayUnreachableError("PayPal has taken this before, and does not show it yet.") from error
            return found
        if truths.DECLINES.isdisjoint(error.issues):
            raise error
        return truths.declined(ref="", reference=order.reference, amount=order.amount, issues=error.issues)

    def _capture_of(self, ref: str) -> str:
        order = calls.get(f"{ORDERS}/{ref}")
        captures = order["purchase_units"][0].get("payments", {}).get("captures") or ()
        taken = [each for each in captures if each["status"] in truths.TAKEN]
        if not taken:
            raise GatewayRefusedError("Nothing was taken that could go back.")
        return str(taken[0]["id"])

    def _fetch_of_capture(self, capture_id: str) -> Checkout | None:
        capture = calls.get(f"{CAPTURES}/{capture_id}")
        order = ((capture.get("supplementary_data") or {}).get("related_ids") or {}).get("order_id")
        return self.fetch_checkout(str(order)) if order else None

    def _fetch_of_refund(self, refund: dict[str, Any]) -> Checkout | None:
        """A refund names its capture by a link upwards."""
        above = links_of(refund).get("up", "")
        return self._fetch_of_capture(above.rpartition("/")[2]) if "/captures/" in above else None

    def _fetch_of_vault(self, method: dict[str, Any]) -> Checkout | None:
        """Kept while paying, a moment after the payment."""
        order = (method.get("metadata") or {}).get("order_id")
        return self.fetch_checkout(str(order)) if order else None

    def _fetch_contest(self, ref: str) -> Contest | None:
        dispute = calls.get(f"{DISPUTES}/{ref}")
        disputed = (dispute.get("disputed_transactions") or [{}])[0]
        reference = str(disputed.get("custom") or disputed.get("invoice_number") or "")
        if not reference and disputed.get("seller_transaction_id"):
            reference = str(calls.get(f"{CAPTURES}/{disputed['seller_transaction_id']}").get("custom_id") or "")
        return truths.contest_truth(dispute, reference)

    def _fetchers(self) -> dict[str, Callable[[dict[str, Any]], Truth | None]]:
        """By how an event's kind begins, the longest first."""
        return {
            "CHECKOUT.ORDER.": lambda told: self.fetch_checkout(str(told["id"])),
            "PAYMENT.CAPTURE.REFUNDED": self._fetch_of_refund,
            "PAYMENT.CAPTURE.REVERSED": self._fetch_of_refund,
            "PAYMENT.REFUND.": self._fetch_of_refund,
            "PAYMENT.CAPTURE.": lambda told: self._fetch_of_capture(str(told["id"])),
            "VAULT.PAYMENT-TOKEN.CREATED": self._fetch_of_vault,
            "CUSTOMER.DISPUTE.": lambda told: self._fetch_contest(str(told["dispute_id"])),
            "PAYMENT.PAYOUTS-ITEM.": lambda told: sending.fetch(str(told["payout_batch_id"])),
            "PAYMENT.PAYOUTSBATCH.": lambda told: sending.fetch(str(told["batch_header"]["payout_batch_id"])),
            "MERCHANT.ONBOARDING.COMPLETED": lambda told: sending.fetch_account(str(told["tracking_id"])),
        }


def _asked(order: Order, wallet: dict[str, Any]) -> dict[str, Any]:
    """The invoice's number is ours too: PayPal takes no second payment under the same."""
    unit = {
        "custom_id": order.reference,
        "invoice_id": order.reference,
        "description": (order.description or order.reference)[:DESCRIPTION_LENGTH_MAX],
        "amount": to_paypal(order.amount),
    }
    return {"intent": "CAPTURE", "purchase_units": [unit], "payment_source": {"paypal": wallet}}


def _experience(return_path: str) -> dict[str, str]:
    back = f"{settings.SITE_URL}{return_path}"
    return {"return_url": back, "cancel_url": back, "shipping_preference": "NO_SHIPPING"}
