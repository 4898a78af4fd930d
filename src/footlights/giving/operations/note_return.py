"""A giver came back from the payment page."""

import uuid
from datetime import datetime

from footlights.payments import api as payments


def note_return(*, payment_id: uuid.UUID | None, at: datetime) -> None:
    """Let payments expect the answer now. Safe to repeat, and before there is a payment."""
    if payment_id:
        payments.note_return(payment_id=payment_id, at=at)
