"""What a guest bought becomes theirs whose account it turned out to be."""

import uuid

from django.db import transaction

from footlights.monetization.errors import StillUndecidedError
from footlights.monetization.models import EntitlementRow, PurchaseRow, RedemptionRow
from footlights.monetization.records import PurchaseState

UNDECIDED = (PurchaseState.PENDING, PurchaseState.UNKNOWN)


def hand_over(*, guest_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Purchases, entitlements and coupons' uses, in one transaction. Safe to repeat.

    Two undecided purchases of one title cannot be one person's: then everything else is moved, and StillUndecidedError
    asks to be called again later.
    """
    with transaction.atomic():
        begun = PurchaseRow.objects.filter(viewer_id=person_id, state__in=UNDECIDED, title_id__isnull=False)
        bought = PurchaseRow.objects.filter(viewer_id=guest_id)
        twice = bought.filter(state__in=UNDECIDED, title_id__in=list(begun.values_list("title_id", flat=True)))
        left = list(twice.values_list("pk", flat=True))
        bought.exclude(pk__in=left).update(viewer_id=person_id)
        RedemptionRow.objects.filter(viewer_id=guest_id).update(viewer_id=person_id)
        EntitlementRow.objects.filter(viewer_id=guest_id).update(viewer_id=person_id)
    if left:
        raise StillUndecidedError("The guest and the person are at the till with the same title.")
