"""How much somebody watched, for as long as they may give it back, or others may ask."""

import uuid
from collections.abc import Mapping
from typing import cast

from django.db import transaction

from footlights.monetization.models import EntitlementRow, ScreeningRow


def keep_watched(*, viewer_id: uuid.UUID, percents: Mapping[uuid.UUID, int]) -> None:
    """Keep with what they hold how much of each title they watched, before they forget it. Never less than before.

    Joins the caller's transaction; safe to repeat.
    """
    with transaction.atomic():
        held = EntitlementRow.objects.filter(viewer_id=viewer_id, title_id__in=list(percents), revoked_at=None)
        for row in held.select_for_update(no_key=True).order_by("pk"):
            row.watched_percent = max(row.watched_percent, percents[cast("uuid.UUID", row.title_id)])
            row.save(update_fields=["watched_percent"])
        shown = ScreeningRow.objects.filter(code__redeemed_by=viewer_id, title_id__in=list(percents))
        for screening in shown.select_for_update(no_key=True, of=("self",)).order_by("pk"):
            screening.watched_percent = max(screening.watched_percent, percents[screening.title_id])
            screening.save(update_fields=["watched_percent"])
