"""Let a viewer watch."""

from datetime import datetime

from footlights.monetization import policies
from footlights.monetization.models import EntitlementRow, PurchaseRow
from footlights.monetization.operations.grant_parts import grant_parts
from footlights.monetization.operations.grant_ticket import grant_ticket
from footlights.monetization.records import OfferKind


def grant(purchase: PurchaseRow, at: datetime) -> None:
    """Grant what the purchase is for, once for each purchase. Joins the caller's transaction."""
    if purchase.broadcast_id:
        grant_ticket(purchase, at)
        return
    if purchase.collection_id:
        grant_parts(purchase, at)
        return
    terms = {}
    if purchase.kind == OfferKind.RENT:
        offer = purchase.offer
        terms = {
            "start_by": policies.rental_start_by(granted_at=at, start_within_days=offer.rent_start_within_days),
            "watch_hours": offer.rent_watch_hours,
        }
    EntitlementRow.objects.get_or_create(
        purchase=purchase,
        defaults={
            "viewer_id": purchase.viewer_id,
            "title_id": purchase.title_id,
            "kind": purchase.kind,
            "granted_at": at,
            **terms,
        },
    )
