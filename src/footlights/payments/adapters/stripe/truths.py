"""Stripe's objects as what they mean to us. Pure."""

from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Any

import stripe

from footlights.payments.adapters.gateway import (
    Account,
    Checkout,
    CheckoutStatus,
    Contest,
    ContestStatus,
    GivenBack,
    KeptMethod,
    RefundStatus,
    Setup,
    SetupStatus,
)
from footlights.payments.adapters.stripe.amounts import from_stripe

OURS = "reference"  # under which metadata we find our own id again
REFUND_STATUS = {"succeeded": RefundStatus.DONE, "failed": RefundStatus.FAILED, "canceled": RefundStatus.FAILED}
CONTEST_STATUS = {"won": ContestStatus.WON, "lost": ContestStatus.LOST}
BUYER_IS_NEEDED = "authentication_required"


def our_reference(metadata: stripe.StripeObject | None) -> str:
    """What we wrote on it; empty on what is not ours."""
    return str((metadata.to_dict() if metadata else {}).get(OURS, ""))


def session_truth(session: stripe.checkout.Session) -> Checkout:
    """Of a hosted page, with its payment and the payment's charge expanded."""
    intent = session.payment_intent
    paid = intent if isinstance(intent, stripe.PaymentIntent) else None
    seen = intent_truth(paid) if paid else None
    known: dict[str, Any] = {"ref": session.id, "reference": session.client_reference_id or ""}
    known["hosted_url"] = session.url or ""
    asked = from_stripe(session.amount_total or 0, session.currency or "")
    if session.status == "expired":
        return Checkout(**known, status=CheckoutStatus.EXPIRED, amount=asked)
    if session.status == "open" or seen is None:
        return Checkout(**known, status=CheckoutStatus.OPEN, amount=asked)
    return Checkout(
        **known,
        status=seen.status,
        amount=seen.amount,
        reason=seen.reason,
        cost=seen.cost,
        refunds=seen.refunds,
        method=seen.method,
        fingerprint=seen.fingerprint,
    )


def intent_truth(intent: stripe.PaymentIntent) -> Checkout:
    """Of a payment, with its charge and that one's refunds expanded."""
    error, charge = intent.last_payment_error, intent.latest_charge
    said: dict[str, Any] = error.to_dict() if error else {}
    code = str(said.get("decline_code") or said.get("code") or "")
    is_paid = intent.status == "succeeded"
    is_open = intent.status == "processing"
    amount = intent.amount_received if is_paid else intent.amount
    held = charge if isinstance(charge, stripe.Charge) else None
    method = intent.payment_method
    return Checkout(
        ref=intent.id,
        reference=our_reference(intent.metadata),
        hosted_url="",
        status=CheckoutStatus.PAID if is_paid else CheckoutStatus.OPEN if is_open else CheckoutStatus.DECLINED,
        amount=from_stripe(amount, intent.currency),
        reason=""
        if is_paid or is_open
        else str(said.get("message") or code or intent.cancellation_reason or "declined"),
        needs_buyer=not is_paid and (code == BUYER_IS_NEEDED or intent.status == "requires_action"),
        cost=_cost(held),
        refunds=tuple(refund_truth(refund) for refund in (held.refunds.data if held and held.refunds else ())),
        method=method_truth(method) if isinstance(method, stripe.PaymentMethod) and intent.setup_future_usage else None,
        fingerprint=_fingerprint(held),
    )


def _fingerprint(charge: stripe.Charge | None) -> str:
    """A card has the same with every customer (`payment_method_details.card.fingerprint`), and so has an account."""
    told: dict[str, Any] = charge.to_dict() if charge else {}
    details = told.get("payment_method_details") or {}
    return str((details.get(details.get("type")) or {}).get("fingerprint") or "")


def setup_truth(session: stripe.checkout.Session) -> Setup:
    """Of a hosted page that only keeps a method, with that one expanded."""
    intent = session.setup_intent
    method = intent.payment_method if isinstance(intent, stripe.SetupIntent) else None
    kept = method_truth(method) if isinstance(method, stripe.PaymentMethod) else None
    status = {"complete": SetupStatus.SAVED if kept else SetupStatus.FAILED, "expired": SetupStatus.FAILED}
    return Setup(
        ref=session.id,
        reference=session.client_reference_id or "",
        hosted_url=session.url or "",
        status=status.get(session.status or "", SetupStatus.OPEN),
        method=kept,
    )


def refund_truth(refund: stripe.Refund) -> GivenBack:
    return GivenBack(
        ref=refund.id,
        key=our_reference(refund.metadata),
        amount=from_stripe(refund.amount, refund.currency),
        status=REFUND_STATUS.get(refund.status or "", RefundStatus.PENDING),
    )


def method_truth(method: stripe.PaymentMethod) -> KeptMethod:
    """Every kind of method keeps what tells it from others under its own name, in the same words."""
    kind = str(method.type)
    details: dict[str, Any] = method.to_dict().get(kind) or {}
    brand = str(details.get("display_brand") or details.get("brand") or kind)
    last4 = str(details.get("last4") or "")
    name = brand.replace("_", " ").capitalize()
    return KeptMethod(
        ref=method.id,
        label=f"{name} •••• {last4}" if last4 else name,
        brand=brand,
        last4=last4,
        expires_on=_last_day(details.get("exp_year"), details.get("exp_month")),
    )


def contest_truth(dispute: stripe.Dispute) -> Contest | None:
    """None while a bank only asks: nothing is taken yet."""
    if dispute.status.startswith("warning") or dispute.status == "prevented":
        return None
    intent = dispute.payment_intent
    due = dispute.evidence_details.due_by
    fees = [(row.fee, row.currency) for row in dispute.balance_transactions if row.fee]
    return Contest(
        ref=dispute.id,
        reference=our_reference(intent.metadata) if isinstance(intent, stripe.PaymentIntent) else "",
        status=CONTEST_STATUS.get(dispute.status, ContestStatus.OPEN),
        amount=from_stripe(dispute.amount, dispute.currency),
        reason=dispute.reason.replace("_", " "),
        fee=from_stripe(*fees[0]) if fees else None,
        answer_by=datetime.fromtimestamp(due, UTC) if due else None,
    )


def account_truth(account: stripe.Account, hosted_url: str = "") -> Account:
    known = getattr(account, "external_accounts", None)
    banks = known.data if known else []
    label = ""
    if banks:
        bank = banks[0].to_dict()
        label = f"{bank.get('bank_name') or bank.get('brand') or ''} •••• {bank.get('last4', '')}".strip()
    return Account(
        ref=account.id,
        reference=our_reference(account.metadata),
        hosted_url=hosted_url,
        is_ready=bool(account.payouts_enabled and account.details_submitted),
        label=label,
    )


def _cost(charge: stripe.Charge | None) -> Any:
    row = charge.balance_transaction if charge else None
    return from_stripe(row.fee, row.currency) if isinstance(row, stripe.BalanceTransaction) else None


def _last_day(year: Any, month: Any) -> date | None:
    return date(year, month, monthrange(year, month)[1]) if year and month else None
