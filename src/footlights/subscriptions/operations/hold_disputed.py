"""A membership waits while the member's bank decides who gets the money of its period."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.monetization.api import hold_membership, release_membership
from footlights.payments.api import DisputeState, get_payment, list_disputes
from footlights.subscriptions.models import AttemptRow, InvoiceRow
from footlights.subscriptions.operations.advance import waited
from footlights.subscriptions.operations.moving import change, lock
from footlights.subscriptions.operations.note_paid import note_paid
from footlights.subscriptions.records import InvoiceState
from footlights.terms.api import DisputeAccess, dispute_access


def fit_to_disputes(*, attempt_id: uuid.UUID, payment_id: uuid.UUID, at: datetime) -> None:
    """Hold the membership while a dispute about its newest period is open, where the terms say so; else let it go.

    Asks how it stands now, so it may be called twice, late and in any order; when the news overtakes that of the
    capture, the period is paid first. What is held is not renewed; let go after its end, it goes on at once. An earlier
    period that is disputed holds nothing: what was paid since opens. What was charged otherwise than asked was never a
    period. Locks the subscription.
    """
    invoice = InvoiceRow.objects.get(attempts=attempt_id)
    if get_payment(payment_id).charged_amount != invoice.amount:
        return
    note_paid(attempt_id=attempt_id, payment_id=payment_id, at=at)
    with transaction.atomic():
        row = lock(invoice.subscription_id)
        newest = row.invoices.filter(state=InvoiceState.PAID).order_by("-number").first()
        if newest != invoice or AttemptRow.objects.get(pk=attempt_id).is_unneeded:
            return
        if not list_disputes(payment_id=payment_id, state=DisputeState.OPEN, limit=1):
            release_membership(cause=row.cause)
            if waited(row):
                change(row, due_at=at)
        elif dispute_access(at) is DisputeAccess.HOLD:
            hold_membership(cause=row.cause, at=at)
