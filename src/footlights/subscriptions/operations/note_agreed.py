"""What a subscriber agreed to before they paid for the first time."""

import uuid
from datetime import datetime

from footlights.payments.api import note_consent
from footlights.subscriptions.models import AttemptRow


def note_agreed(*, subscription_id: uuid.UUID, words: str, at: datetime) -> None:
    """Kept in the payment's story, once; nothing where it begins with a card alone."""
    attempt = AttemptRow.objects.filter(invoice__subscription_id=subscription_id).first()
    if attempt:
        note_consent(reference=attempt.reference, words=words, at=at)
