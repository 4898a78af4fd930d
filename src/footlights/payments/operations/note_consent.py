"""What a buyer agreed to before they paid."""

from datetime import datetime

from django.db import transaction

from footlights.payments.models import PaymentRow
from footlights.payments.operations.story import tell

AGREED = "agreed"


def note_consent(*, reference: str, words: str, at: datetime) -> None:
    """Keep the words they read in the payment's story, once. Nothing where nothing is to pay. Locks the payment."""
    with transaction.atomic():
        payment = PaymentRow.objects.select_for_update(no_key=True).filter(reference=reference).first()
        if payment and not payment.story.filter(name=AGREED, detail=words).exists():
            tell(payment, at, AGREED, words)
