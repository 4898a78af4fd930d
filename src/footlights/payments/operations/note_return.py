"""The buyer came back from the hosted page."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.payments import policies
from footlights.payments.models import PaymentRow
from footlights.payments.operations.story import tell


def note_return(*, payment_id: uuid.UUID, at: datetime) -> None:
    """Expect an answer: if no webhook settles the payment within seconds, a job asks. Once; later calls do nothing."""
    from footlights.payments.jobs import settle  # noqa: PLC0415  jobs.py imports the operations

    with transaction.atomic():
        first = PaymentRow.objects.filter(pk=payment_id, returned_at=None, state__in=policies.UNDECIDED).update(
            returned_at=at
        )
        if first:
            tell(PaymentRow(pk=payment_id), at, "returned", "The buyer came back from the gateway's page.")
            settle.configure(schedule_at=at + policies.ASK_AFTER_RETURN).defer(payment_id=str(payment_id))
