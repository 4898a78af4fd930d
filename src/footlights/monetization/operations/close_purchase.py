"""A purchase ends without money."""

import uuid

from django.db import transaction

from footlights.monetization.models import PurchaseRow
from footlights.monetization.operations.promising import release_parts
from footlights.monetization.operations.redeeming import release
from footlights.monetization.records import PurchaseState

REASON_LENGTH_MAX = 300


def close_purchase(*, purchase_id: uuid.UUID, reason: str) -> None:
    """Nothing was charged. A compare-and-set: a purchase that was paid stays paid. Safe to repeat.

    Frees its coupon, and what counted towards it.
    """
    undecided = PurchaseRow.objects.filter(pk=purchase_id, state__in=[PurchaseState.PENDING, PurchaseState.UNKNOWN])
    with transaction.atomic():
        if undecided.update(state=PurchaseState.DECLINED, reason=reason[:REASON_LENGTH_MAX]):
            release(purchase_id)
            release_parts(purchase_id)
