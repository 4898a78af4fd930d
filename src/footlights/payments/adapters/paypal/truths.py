"""PayPal's objects as what they mean to us. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from footlights.kernel.money import Money
from footlights.payments.adapters.gateway import (
    Account,
    Checkout,
    CheckoutStatus,
    Contest,
    ContestStatus,
    GivenBack,
    KeptMethod,
    RefundStatus,
    Transfer,
    TransferStatus,
)
from footlights.payments.adapters.paypal.amounts import from_paypal
from footlights.payments.adapters.paypal.calls import links_of

BETWEEN = ":"  # a refund is named by its payment's reference and its own key
TAKEN = frozenset({"COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"})
WAITS = frozenset({"PENDING"})
REFUND_STATUS = {
    "COMPLETED": RefundStatus.DONE,
    "FAILED": RefundStatus.FAILED,
    "CANCELLED": RefundStatus.FAILED,
}
# With the buyer at PayPal's page these may still be paid.
BUYER_IS_NEEDED = frozenset({"PAYER_ACTION_REQUIRED", "PAYER_CANNOT_PAY", "TRANSACTION_BLOCKED_BY_PAYEE"})
DECLINES = BUYER_IS_NEEDED | {
    "INSTRUMENT_DECLINED",
    "TRANSACTION_REFUSED",
    "PAYER_ACCOUNT_RESTRICTED",
    "PAYER_ACCOUNT_LOCKED_OR_CLOSED",
    "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING",
}
ENDED = {  # what is not in here is decided by nobody who reads only this
    "RESOLVED_SELLER_FAVOUR": ContestStatus.WON,
    "RESOLVED_SELLER_FAVOR": ContestStatus.WON,
    "RESOLVED_WITH_PAYOUT": ContestStatus.WON,  # PayPal pays the buyer itself
    "CANCELED_BY_BUYER": ContestStatus.WON,
    "DENIED": ContestStatus.WON,
    "RESOLVED_BUYER_FAVOUR": ContestStatus.LOST,
    "RESOLVED_BUYER_FAVOR": ContestStatus.LOST,
    "ACCEPTED": ContestStatus.LOST,
}
FEES = frozenset({"DISPUTE_FEE", "CHARGEBACK_FEE", "DISPUTE_SETTLEMENT_FEE"})
ARRIVED = frozenset({"SUCCESS"})
LEFT = ARRIVED | {"UNCLAIMED"}  # when what sending costs is taken
CAME_BACK = frozenset({"FAILED", "RETURNED", "BLOCKED", "REFUNDED", "REVERSED"})
STOPPED = frozenset({"DENIED", "CANCELED"})


def order_truth(order: dict[str, Any]) -> Checkout:
    """Of an order, with its captures and refunds. One that is approved and not captured is open."""
    unit = (order.get("purchase_units") or [{}])[0]
    payments = unit.get("payments") or {}
    captures = list(payments.get("captures") or ())
    taken = [each for each in captures if each.get("status") in TAKEN]
    known: dict[str, Any] = {"ref": str(order["id"]), "reference": str(unit.get("custom_id") or "")}
    links = links_of(order)
    known["hosted_url"] = links.get("payer-action") or links.get("approve") or ""
    asked = from_paypal(unit["amount"])
    if taken:
        return Checkout(
            **known,
            status=CheckoutStatus.PAID,
            amount=_sum([from_paypal(each["amount"]) for each in taken]),
            cost=_cost(taken),
            refunds=tuple(refund_truth(each) for each in payments.get("refunds") or ()),
            method=_kept(order),
            fingerprint=_payer(order),
        )
    if order.get("status") == "VOIDED":
        return Checkout(**known, status=CheckoutStatus.EXPIRED, amount=asked)
    refused = [each for each in captures if each.get("status") not in WAITS]
    if refused and len(refused) == len(captures):
        return Checkout(**known, status=CheckoutStatus.DECLINED, amount=asked, reason=_why(refused[-1]))
    return Checkout(**known, status=CheckoutStatus.OPEN, amount=asked)


def declined(*, ref: str, reference: str, amount: Money, issues: list[str]) -> Checkout:
    """Nothing was charged, by the codes PayPal says so with."""
    reason = ", ".join(issue.replace("_", " ").lower() for issue in issues)
    needs_buyer = bool(BUYER_IS_NEEDED & set(issues))
    return Checkout(ref, reference, "", CheckoutStatus.DECLINED, amount, reason=reason, needs_buyer=needs_buyer)


def refund_truth(refund: dict[str, Any]) -> GivenBack:
    return GivenBack(
        ref=str(refund["id"]),
        key=str(refund.get("custom_id") or "").rpartition(BETWEEN)[2],
        amount=from_paypal(refund["amount"]),
        status=REFUND_STATUS.get(str(refund.get("status")), RefundStatus.PENDING),
    )


def method_truth(ref: str, wallet: dict[str, Any]) -> KeptMethod:
    """A wallet has neither digits nor an end; its holder knows it by the address they sign in with."""
    return KeptMethod(
        ref=ref, label=f"PayPal {_masked(str(wallet.get('email_address') or ''))}".strip(), brand="paypal"
    )


def contest_truth(dispute: dict[str, Any], reference: str) -> Contest | None:
    """None while PayPal only lets both sides talk: nothing is taken yet."""
    settled = dispute.get("status") == "RESOLVED"
    moved = list(dispute.get("fund_movements") or ())
    if dispute.get("dispute_life_cycle_stage") == "INQUIRY" and not moved:
        return None
    outcome = str((dispute.get("dispute_outcome") or {}).get("outcome_code") or "")
    fees = [from_paypal(each["amount"]) for each in moved if each.get("reason") in FEES and each["type"] == "DEBIT"]
    due = dispute.get("seller_response_due_date")
    return Contest(
        ref=str(dispute["dispute_id"]),
        reference=reference,
        status=ENDED.get(outcome, ContestStatus.OPEN) if settled else ContestStatus.OPEN,
        amount=from_paypal(dispute["dispute_amount"]),
        reason=str(dispute.get("reason") or "").replace("_", " ").lower(),
        fee=_sum(fees) if fees else None,
        answer_by=datetime.fromisoformat(due) if due else None,
    )


def account_truth(reference: str, seller: dict[str, Any] | None, hosted_url: str = "") -> Account:
    """Of a payee, as PayPal knows them once they have come through its page."""
    merchant = str((seller or {}).get("merchant_id") or "")
    is_ready = bool(seller and seller.get("payments_receivable") and seller.get("primary_email_confirmed"))
    return Account(
        ref=reference,
        reference=reference,
        hosted_url=hosted_url,
        is_ready=is_ready,
        label=f"PayPal •••• {merchant[-4:]}" if merchant else "",
    )


def transfer_truth(batch: dict[str, Any]) -> Transfer:
    """Of a payout of one item. The whole may have been stopped before the item was begun."""
    header = batch["batch_header"]
    item = (batch.get("items") or [{}])[0]
    status, said = str(item.get("transaction_status") or ""), item.get("errors") or header.get("errors") or {}
    amount = (item.get("payout_item") or {}).get("amount") or header["amount"]
    came_back = status in CAME_BACK or header["batch_status"] in STOPPED
    fee = item.get("payout_item_fee") if status in LEFT else None
    return Transfer(
        ref=str(header["payout_batch_id"]),
        reference=str(header["sender_batch_header"]["sender_batch_id"]),
        status=TransferStatus.RETURNED
        if came_back
        else TransferStatus.PAID
        if status in ARRIVED
        else TransferStatus.PENDING,
        amount=from_paypal(amount),
        reason=str(said.get("message") or said.get("name") or "The account did not take it.") if came_back else "",
        cost=(from_paypal(fee) if fee else None) or None,
    )


def _payer(order: dict[str, Any]) -> str:
    """PayPal's own name of the account that paid."""
    wallet = (order.get("payment_source") or {}).get("paypal") or {}
    return str(wallet.get("account_id") or (order.get("payer") or {}).get("payer_id") or "")


def _kept(order: dict[str, Any]) -> KeptMethod | None:
    wallet = (order.get("payment_source") or {}).get("paypal") or {}
    vault = (wallet.get("attributes") or {}).get("vault") or {}
    return method_truth(str(vault["id"]), wallet) if vault.get("status") == "VAULTED" and vault.get("id") else None


def _cost(taken: list[dict[str, Any]]) -> Money | None:
    fees = list(_fees(taken))
    return _sum(fees) if fees else None


def _fees(taken: list[dict[str, Any]]) -> Iterator[Money]:
    for capture in taken:
        fee = (capture.get("seller_receivable_breakdown") or {}).get("paypal_fee")
        if fee:
            yield from_paypal(fee)


def _sum(amounts: list[Money]) -> Money:
    return sum(amounts[1:], amounts[0])


def _why(capture: dict[str, Any]) -> str:
    said = (capture.get("status_details") or {}).get("reason") or capture.get("status") or "declined"
    return str(said).replace("_", " ").lower()


def _masked(address: str) -> str:
    name, at, host = address.partition("@")
    return f"{name[:1]}••••@{host}" if at else ""
