"""A purchase ends without money."""

import uuid

from footlights.monetization.models import PurchaseRow
from footlights.monetization.records import PurchaseState

REASON_LENGTH_MAX = 300


def close_purchase(*, purchase_id: uuid.UUID, reason: str) -> None:
    """Nothing was charged. A compare-and-set: a purchase that was paid stays paid. Safe to repeat."""
    undecided = PurchaseRow.objects.filter(pk=purchase_id, state__in=[PurchaseState.PENDING, PurchaseState.UNKNOWN])
    undecided.update(state=PurchaseState.DECLINED, reason=reason[:REASON_LENGTH_MAX])
