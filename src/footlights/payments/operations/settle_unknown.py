"""The sweep: what nobody told us, we ask."""

from datetime import datetime

from footlights.payments import policies
from footlights.payments.models import DisputeRow, PaymentRow, PayoutRow, RefundRow
from footlights.payments.operations.ask_about_disputes import ask_about_disputes
from footlights.payments.operations.payout import settle_payout
from footlights.payments.operations.refund_payment import finish_refund
from footlights.payments.operations.settle_payment import settle_payment
from footlights.payments.operations.submit_evidence import send_evidence
from footlights.payments.records import DisputeState, RefundState

BATCH_MAX = 100


def settle_unknown(*, at: datetime) -> int:
    """Settle what is due, up to 100 of each kind: payments, refunds, payouts, evidence, disputes. Returns how many.

    Call outside a transaction. Safe to repeat and to run twice at once.
    """
    due = list(
        PaymentRow.objects.filter(next_check_at__lte=at)
        .order_by("next_check_at")
        .values_list("pk", flat=True)[:BATCH_MAX]
    )
    for payment_id in due:
        settle_payment(payment_id=payment_id, at=at)
    halfway = RefundRow.objects.filter(state=RefundState.ASKED, asked_at__lte=at - policies.REFUND_RETRY_AFTER)
    refunds = list(halfway.select_related("payment").order_by("asked_at")[:BATCH_MAX])
    for refund in refunds:
        finish_refund(refund, at)
    return len(due) + len(refunds) + _settle_payouts(at) + _send_evidence(at) + ask_about_disputes(at=at)


def _settle_payouts(at: datetime) -> int:
    due = list(PayoutRow.objects.filter(next_check_at__lte=at).order_by("next_check_at")[:BATCH_MAX])
    for row in due:
        settle_payout(payout_id=row.pk, at=at)
    return len(due)


def _send_evidence(at: datetime) -> int:
    unsent = DisputeRow.objects.filter(
        sent_at=None, state=DisputeState.OPEN, answered_at__lte=at - policies.REFUND_RETRY_AFTER
    )
    due = list(unsent.select_related("payment").order_by("answered_at")[:BATCH_MAX])
    for dispute in due:
        send_evidence(dispute, at)
    return len(due)
