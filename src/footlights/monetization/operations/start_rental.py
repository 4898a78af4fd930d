"""The first play of a rental."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act, record
from footlights.monetization import policies
from footlights.monetization.models import EntitlementRow
from footlights.monetization.records import OfferKind


def start_rental(*, viewer_id: uuid.UUID, title_id: uuid.UUID, at: datetime) -> None:
    """Start the hours of the viewer's rental, unless they run already or the viewer owns the title. Safe to repeat.

    The oldest rental that can still be started is taken; a compare-and-set lets two screens start it once.
    """
    with transaction.atomic():
        live = [
            row
            for row in EntitlementRow.objects.filter(viewer_id=viewer_id, title_id=title_id, revoked_at=None)
            .select_for_update(no_key=True)
            .order_by("pk")
            if not policies.is_over(row.to_record(), at)
        ]
        if not live or any(row.kind != OfferKind.RENT or row.started_at for row in live):
            return
        rental = live[0]
        rental.started_at = at
        rental.ends_at = policies.rental_ends_at(started_at=at, watch_hours=rental.watch_hours or 0)
        rental.save(update_fields=["started_at", "ends_at"])
        record(
            act=Act.RENTAL_STARTED,
            object_kind="title",
            object_id=title_id,
            actor_id=viewer_id,
            after={"ends_at": rental.ends_at.isoformat()},
        )
