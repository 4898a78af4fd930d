"""A buyer came back from the payment page."""

import uuid
from datetime import datetime

from footlights.monetization.queries import get_purchase
from footlights.payments import api as payments


def note_return(*, purchase_id: uuid.UUID, viewer_id: uuid.UUID, at: datetime) -> None:
    """Let payments expect the answer now. Safe to repeat. Raises NotFoundError for another's purchase."""
    purchase = get_purchase(purchase_id, viewer_id)
    if purchase.payment_id:
        payments.note_return(payment_id=purchase.payment_id, at=at)
