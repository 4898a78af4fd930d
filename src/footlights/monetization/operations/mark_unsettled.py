"""Nobody knows yet whether a purchase was paid."""

import uuid

from footlights.monetization.models import PurchaseRow
from footlights.monetization.records import PurchaseState

REASON_LENGTH_MAX = 300


def mark_unsettled(*, purchase_id: uuid.UUID, reason: str) -> None:
    """A compare-and-set from pending. Safe to repeat."""
    pending = PurchaseRow.objects.filter(pk=purchase_id, state=PurchaseState.PENDING)
    pending.update(state=PurchaseState.UNKNOWN, reason=reason[:REASON_LENGTH_MAX])
