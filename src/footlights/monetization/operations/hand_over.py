"""What a guest bought becomes theirs whose account it turned out to be."""

import uuid

from django.db import transaction

from footlights.monetization.errors import StillUndecidedError
from footlights.monetization.models import EntitlementRow, PurchaseRow, RedemptionRow
from footlights.monetization.records import PurchaseState

UNDECIDED = (PurchaseState.PENDING, PurchaseState.UNKNOWN)


def hand_over(*, guest_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Purchases, entitlements and coupons' uses, in one transaction. Safe to repeat.

    Two undecided purchases of one thing cannot be one person's: then everything else is moved, and StillUndecidedError
    asks to be called again later.
    """
    with transaction.atomic():
        begun = {row.thing_id for row in PurchaseRow.objects.filter(viewer_id=person_id, state__in=UNDECIDED)}
        bought = PurchaseRow.objects.filter(viewer_id=guest_id)
        left = [row.pk for row in bought.filter(state__in=UNDECIDED) if row.thing_id in begun]
        bought.exclude(pk__in=left).update(viewer_id=person_id)
        RedemptionRow.objects.filter(viewer_id=guest_id).update(viewer_id=person_id)
        EntitlementRow.objects.filter(viewer_id=guest_id).update(viewer_id=person_id)
    if left:
        raise StillUndecidedError("The guest and the person are at the till with the same thing.")
