"""Ask the gateway to send what was set aside."""

import uuid
from datetime import datetime, timedelta

from footlights.payments import api as payments
from footlights.payouts.models import PayoutRow
from footlights.payouts.records import PayoutState

REFERENCE = "payout:"
STUCK_AFTER = timedelta(minutes=30)
BATCH_MAX = 200


def send_payout(*, payout_id: uuid.UUID, at: datetime) -> None:
    """Once for each payout: payments' key is the payout's id. Call outside a transaction; repeatable.

    What becomes of it, payments tells (handlers.py), also when the gateway was away meanwhile.
    """
    row = PayoutRow.objects.filter(pk=payout_id, state=PayoutState.ASKED).first()
    if row:
        reference = f"{REFERENCE}{row.pk}"
        payments.payout(
            reference=reference,
            destination_ref=str(row.destination_id),
            amount=row.amount,
            idempotency_key=reference,
            at=at,
        )


def send_what_waits(*, at: datetime) -> int:
    """Ask again for payouts whose job was lost or ran out of tries. Returns how many."""
    from footlights.payouts.jobs import send  # noqa: PLC0415  jobs.py imports the operations

    stuck = PayoutRow.objects.filter(state=PayoutState.ASKED, state_at__lte=at - STUCK_AFTER)
    ids = list(stuck.order_by("state_at").values_list("pk", flat=True)[:BATCH_MAX])
    for payout_id in ids:
        send.defer(payout_id=str(payout_id))
    return len(ids)
