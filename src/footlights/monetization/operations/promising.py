"""What a purchase of a collection promises, and which purchases count towards it.

A purchase counts towards one collection at a time. While it does, it cannot be given back; a collection that was had
for nothing else than what counts falls with any of it. Everything here joins the caller's transaction.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footlights.kernel.errors import IdempotencyConflictError
from footlights.monetization.collections import COUNTS, is_going_back, why_counted
from footlights.monetization.errors import CountedError
from footlights.monetization.models import EntitlementRow, PartRow, PurchaseRow
from footlights.monetization.records import Part, PartState, PurchaseState


def promise(purchase: PurchaseRow, parts: Sequence[Part], at: datetime) -> None:
    """Keep what the buyer was shown. Locks the purchases that count, in primary-key order.

    Raises IdempotencyConflictError when one of them is on its way back, or counts elsewhere, since the quote was made.
    """
    counted = [part.counted_id for part in parts if part.counted_id]
    locked = PurchaseRow.objects.filter(pk__in=counted).select_for_update(no_key=True).order_by("pk")
    lasting = [row for row in locked if row.state == PurchaseState.PAID and not is_going_back(row, at)]
    if len(lasting) < len(counted) or PartRow.objects.filter(COUNTS, counted_id__in=counted).exists():
        raise IdempotencyConflictError(_("What you have of it has changed. Load the page again."))
    PartRow.objects.bulk_create(
        PartRow(
            purchase=purchase,
            title_id=part.title_id,
            counted_id=part.counted_id,
            credit_minor=part.credit.amount_minor,
        )
        for part in parts
    )


def release_parts(purchase_id: uuid.UUID) -> None:
    """What counted towards it may count elsewhere, or go back. Safe to repeat."""
    PartRow.objects.filter(purchase_id=purchase_id).update(state=PartState.RELEASED)


def hold_parts_again(purchase_id: uuid.UUID) -> None:
    """It was paid late, or its refund came back. What counts elsewhere meanwhile counts there. Safe to repeat."""
    for part in PartRow.objects.filter(purchase_id=purchase_id, state=PartState.RELEASED).order_by("pk"):
        try:
            with transaction.atomic():
                PartRow.objects.filter(pk=part.pk).update(state=PartState.HOLDS)
        except IntegrityError:
            continue


def begin_return(purchase_id: uuid.UUID, at: datetime) -> None:
    """From now on it counts towards nothing: its money is about to go back. Locks it.

    Raises CountedError when it counts already.
    """
    with transaction.atomic():
        PurchaseRow.objects.select_for_update(no_key=True).get(pk=purchase_id)
        if reason := why_counted(purchase_id):
            raise CountedError(reason)
        PurchaseRow.objects.filter(pk=purchase_id).update(returning_at=at)


def end_return(purchase_id: uuid.UUID) -> None:
    """No refund is on its way any more; what is left of it may count again. Safe to repeat."""
    PurchaseRow.objects.filter(pk=purchase_id).exclude(returning_at=None).update(returning_at=None)


def fall_with(counted: PurchaseRow, at: datetime) -> None:
    """End the collection that was had for nothing but what counts, of which this went back. Safe to repeat."""
    resting = PartRow.objects.filter(COUNTS, counted=counted, purchase__amount_minor=0).values_list(
        "purchase", flat=True
    )
    for purchase_id in list(resting):
        EntitlementRow.objects.filter(purchase_id=purchase_id, revoked_at=None).update(revoked_at=at)
        PurchaseRow.objects.filter(pk=purchase_id).update(state=PurchaseState.REFUNDED, refunded_at=at)
        release_parts(purchase_id)
