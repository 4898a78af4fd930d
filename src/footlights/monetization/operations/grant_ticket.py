"""Let the holder of a ticket come to its broadcast, and see its recording."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from footlights.monetization.models import EntitlementRow, EventRow, PurchaseRow
from footlights.monetization.operations.deferring import defer_return
from footlights.monetization.operations.give_ticket import grant_given_replays
from footlights.monetization.records import OfferKind, PurchaseState

BATCH = 500
LIVING = (PurchaseState.PENDING, PurchaseState.UNKNOWN, PurchaseState.PAID)


def grant_ticket(purchase: PurchaseRow, at: datetime) -> None:
    """Once for each purchase. Joins the caller's transaction, with the purchase locked.

    What was paid too late for anything, or after everybody was given their money back, goes back by itself.
    """
    event = EventRow.objects.get(pk=purchase.thing_id)
    EntitlementRow.objects.get_or_create(
        purchase=purchase,
        broadcast_id=purchase.broadcast_id,
        defaults={"viewer_id": purchase.viewer_id, "kind": OfferKind.TICKET, "granted_at": at},
    )
    if event.replay_id:
        _grant_replay([purchase], event.replay_id, at)
    if event.given_back_at or (event.over_at and purchase.offer.replay_days == 0):
        defer_return(purchase.pk)


def note_replay(*, broadcast_id: uuid.UUID, title_id: uuid.UUID, at: datetime) -> None:
    """There is a recording: whoever's ticket says so may see it, from now on. Joins the caller's transaction.

    Locks the purchases, those at the till too, so that it waits for one that is being paid at this moment: whoever
    comes second sees what the other did. Safe to repeat.
    """
    if not EventRow.objects.filter(pk=broadcast_id).update(replay_id=title_id):
        return
    rows = PurchaseRow.objects.filter(broadcast_id=broadcast_id, state__in=LIVING).select_related("offer")
    locked = rows.order_by("pk").select_for_update(no_key=True, of=("self",))
    _grant_replay((row for row in locked.iterator(BATCH) if row.state == PurchaseState.PAID), title_id, at)
    grant_given_replays(broadcast_id=broadcast_id, title_id=title_id, at=at)


def _grant_replay(purchases: Iterable[PurchaseRow], title_id: uuid.UUID, at: datetime) -> None:
    """What waits for a bank waits with the ticket."""
    rows = [
        EntitlementRow(
            purchase=purchase,
            viewer_id=purchase.viewer_id,
            title_id=title_id,
            kind=OfferKind.TICKET,
            granted_at=at,
            ends_at=None if (days := purchase.offer.replay_days) is None else at + timedelta(days=days),
        )
        for purchase in purchases
        if purchase.offer.replay_days != 0
    ]
    waiting = EntitlementRow.objects.filter(purchase__in=[row.purchase_id for row in rows], held_at__isnull=False)
    held = {each.purchase_id: each.held_at for each in waiting}
    for row in rows:
        row.held_at = held.get(row.purchase_id)
    EntitlementRow.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
