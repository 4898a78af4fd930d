"""The sweep: what nobody told us, we ask."""

from datetime import datetime

from footlights.payments import policies
from footlights.payments.models import PaymentRow, RefundRow
from footlights.payments.operations.refund_payment import finish_refund
from footlights.payments.operations.settle_payment import settle_payment
from footlights.payments.records import RefundState

BATCH_MAX = 100


def settle_unknown(*, at: datetime) -> int:
    """Settle up to 100 payments whose answer is due, and finish refunds that stopped half-way. Returns how many.

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
    return len(due) + len(refunds)
