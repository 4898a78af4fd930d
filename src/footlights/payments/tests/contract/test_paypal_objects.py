"""PayPal's objects, and what they mean to us."""

import pytest

from footlights.kernel.money import Money
from footlights.payments.adapters.gateway import (
    CheckoutStatus,
    ContestStatus,
    RefundStatus,
    TransferStatus,
)
from footlights.payments.adapters.paypal import truths
from footlights.payments.adapters.paypal.amounts import from_paypal, to_paypal
from footlights.payments.api import GatewayRefusedError, GatewayUnreachableError
from footlights.payments.tests.contract.test_every_gateway import PRICE


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ({"status": "VOIDED"}, CheckoutStatus.EXPIRED, ""),
        ({"status": "COMPLETED", "captures": ["PENDING"]}, CheckoutStatus.OPEN, ""),
        ({"status": "COMPLETED", "captures": ["DECLINED"]}, CheckoutStatus.DECLINED, "declined"),
        ({"status": "COMPLETED", "captures": ["COMPLETED"]}, CheckoutStatus.PAID, ""),
    ],
)
def test_an_order_is_what_its_status_and_its_captures_say(changes: dict, status, reason: str) -> None:
    captures = [{"status": each, "amount": to_paypal(PRICE)} for each in changes.get("captures", ())]
    unit = {"custom_id": "r", "amount": to_paypal(PRICE), "payments": {"captures": captures}}
    truth = truths.order_truth({"id": "O", "status": changes["status"], "purchase_units": [unit]})
    assert (truth.status, truth.reason, truth.cost) == (status, reason, None)


@pytest.mark.parametrize(
    ("status", "ends"),
    [("PENDING", RefundStatus.PENDING), ("COMPLETED", RefundStatus.DONE), ("FAILED", RefundStatus.FAILED)],
)
def test_a_refund_is_what_its_status_says(status: str, ends) -> None:
    refund = {"id": "R", "status": status, "amount": to_paypal(PRICE)}
    assert (truths.refund_truth(refund).status, truths.refund_truth(refund).key) == (ends, "")


def test_a_dispute_without_a_fee_and_a_payout_that_was_stopped_say_so() -> None:
    dispute = {"dispute_id": "D", "status": "RESOLVED", "dispute_amount": to_paypal(PRICE)}
    contest = truths.contest_truth(dispute, "")
    assert (contest.status, contest.fee, contest.answer_by) == (ContestStatus.OPEN, None, None), "nobody said who won"
    header = {
        "payout_batch_id": "B", "batch_status": "DENIED", "sender_batch_header": {"sender_batch_id": "t"},
        "amount": {"currency": "EUR", "value": "4.00"},
    }  # fmt: skip
    transfer = truths.transfer_truth({"batch_header": header})
    assert (transfer.status, transfer.reason) == (TransferStatus.RETURNED, "The account did not take it.")
    assert truths.method_truth("V", {}).label == "PayPal"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Money(1250, "EUR"), "12.50"),
        (Money(1250, "JPY"), "1250"),
        (Money(125_000, "HUF"), "1250"),
        (Money(125_000, "TWD"), "1250"),
    ],
)
def test_an_amount_is_written_as_paypal_writes_it(ours: Money, theirs: str) -> None:
    assert to_paypal(ours) == {"currency_code": ours.currency, "value": theirs}
    assert from_paypal(to_paypal(ours)) == ours


@pytest.mark.parametrize("amount", [Money(1251, "HUF"), Money(1250, "KWD")])
def test_an_amount_paypal_cannot_write_is_refused(amount: Money) -> None:
    with pytest.raises(GatewayRefusedError):
        to_paypal(amount)


@pytest.mark.parametrize("told", [{"currency_code": "EUR", "value": "1.001"}, {"currency_code": "EUR"}, {"value": "1"}])
def test_an_amount_that_is_none_is_no_answer(told: dict) -> None:
    with pytest.raises(GatewayUnreachableError):
        from_paypal(told)
