"""Let somebody watch what another paid for, or what was given away; and take it back."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.monetization import policies
from footlights.monetization.models import EntitlementRow, GrantRow, OfferRow
from footlights.monetization.records import OfferKind


def give_title(*, viewer_id: uuid.UUID, offer_id: uuid.UUID, cause: str, at: datetime) -> None:
    """Let `viewer_id` watch what the offer is for, on its terms; once for each cause, such as `gift:<id>`.

    Giving again what was taken back lets the same person watch again. Joins the caller's transaction.
    """
    with transaction.atomic():
        grant = GrantRow.objects.select_related("entitlement").filter(cause=cause).first()
        if grant:
            EntitlementRow.objects.filter(pk=grant.entitlement_id).update(revoked_at=None)
            return
        offer = OfferRow.objects.get(pk=offer_id)
        assert offer.title_id  # noqa: S101  what is for a collection is not given by this
        terms = {}
        if offer.kind == OfferKind.RENT:
            terms = {
                "start_by": policies.rental_start_by(granted_at=at, start_within_days=offer.rent_start_within_days),
                "watch_hours": offer.rent_watch_hours,
            }
        entitlement = EntitlementRow.objects.create(
            viewer_id=viewer_id, title_id=offer.title_id, kind=offer.kind, granted_at=at, **terms
        )
        GrantRow.objects.create(cause=cause, entitlement=entitlement)


def take_title(*, cause: str, at: datetime) -> None:
    """What was given for `cause` can be watched no more. Safe to repeat, and for a cause that never was."""
    EntitlementRow.objects.filter(grant__cause=cause, revoked_at=None).update(revoked_at=at)
