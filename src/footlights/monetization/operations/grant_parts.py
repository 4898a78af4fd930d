"""Let the buyer of a collection watch its titles: those promised, and of a season those that come later."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from footlights.catalog.api import get_collection, list_public_ids_in
from footlights.monetization.models import EntitlementRow, PurchaseRow
from footlights.monetization.records import OfferKind, PurchaseState

BATCH = 500


def grant_parts(purchase: PurchaseRow, at: datetime) -> None:
    """What was promised but for what counted towards it, which is theirs by its own purchase; of a season all else too.

    Once for each title. Joins the caller's transaction, with the purchase locked.
    """
    parts = dict(purchase.parts.values_list("title_id", "counted_id"))
    titles = [title_id for title_id, counted_id in parts.items() if counted_id is None]
    _grant(purchase, [*titles, *(each for each in later_titles(purchase.collection_id, at) if each not in parts)], at)


def grant_later_titles(*, collection_id: uuid.UUID, at: datetime) -> None:
    """A season grew: who bought it may watch what came. Safe to repeat.

    Locks the purchases of it, some at a time and those at the till too, so that it waits for one that is being paid
    at this moment: whoever comes second sees what the other did.
    """
    titles = later_titles(collection_id, at)
    last = None
    while titles:
        with transaction.atomic():
            rows = PurchaseRow.objects.filter(collection_id=collection_id, state__in=LIVING).order_by("pk")
            found = list((rows.filter(pk__gt=last) if last else rows).select_for_update(no_key=True)[:BATCH])
            for purchase in found:
                if purchase.state == PurchaseState.PAID:
                    grant_parts(purchase, at)
        if len(found) < BATCH:
            return
        last = found[-1].pk


LIVING = (PurchaseState.PENDING, PurchaseState.UNKNOWN, PurchaseState.PAID)


def later_titles(collection_id: uuid.UUID | None, at: datetime) -> list[uuid.UUID]:
    """What comes with it besides what was promised: of a season everything that is out, of a collection nothing."""
    if collection_id is None or not get_collection(collection_id).is_season:
        return []
    return list_public_ids_in(collection_id, at)


def _grant(purchase: PurchaseRow, title_ids: Iterable[uuid.UUID], at: datetime) -> None:
    """What comes to a season that waits for a bank waits with it."""
    held = purchase.entitlements.exclude(held_at=None).order_by("held_at").first()
    EntitlementRow.objects.bulk_create(
        [
            EntitlementRow(
                purchase=purchase,
                viewer_id=purchase.viewer_id,
                title_id=title_id,
                collection_id=purchase.collection_id,
                kind=OfferKind.BUY,
                granted_at=at,
                held_at=held.held_at if held else None,
            )
            for title_id in title_ids
        ],
        ignore_conflicts=True,
    )
