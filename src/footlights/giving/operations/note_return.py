"""A giver came back from the payment page."""

import uuid
from datetime import datetime

from footlights.giving.queries import get_tip
from footlights.payments import api as payments


def note_return(*, tip_id: uuid.UUID, giver_id: uuid.UUID, at: datetime) -> None:
    """Let payments expect the answer now. Safe to repeat. Raises NotFoundError for another's tip."""
    tip = get_tip(tip_id, giver_id)
    if tip.payment_id:
        payments.note_return(payment_id=tip.payment_id, at=at)
