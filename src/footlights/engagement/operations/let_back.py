"""Somebody who was banned may come back."""

from uuid import UUID

from django.db import transaction

from footlights.audit.api import Act, record
from footlights.engagement.models import BanRow


def let_back(*, ban_id: UUID, channel_id: UUID, by_id: UUID) -> None:
    """End a ban of this channel. What was hidden stays hidden. Safe to repeat."""
    with transaction.atomic():
        row = BanRow.objects.select_for_update(no_key=True).filter(pk=ban_id, channel_id=channel_id).first()
        if row is None:
            return
        record(
            act=Act.VIEWER_LET_BACK,
            object_kind="viewer",
            object_id=row.pk,
            actor_id=by_id,
            channel_id=channel_id,
            person_ids=[row.person_id],
        )
        row.delete()
