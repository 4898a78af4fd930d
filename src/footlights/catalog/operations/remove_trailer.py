from datetime import datetime
from uuid import UUID

from django.db import transaction

from footlights.audit.api import Act
from footlights.catalog import queries
from footlights.catalog.operations.files import REPLACED_KEPT_S, discard
from footlights.catalog.operations.locking import lock_title
from footlights.catalog.operations.telling import tell
from footlights.catalog.records import Title


@transaction.atomic
def remove_trailer(*, title_id: UUID, editor_id: UUID, at: datetime) -> Title:
    """Show no trailer any more, and forget one that is on its way. Locks the title; repeatable.

    Raises NotFoundError to strangers.
    """
    title = lock_title(title_id, editor_id)
    discard(title.trailer_asset_id, title, after_s=REPLACED_KEPT_S)
    discard(title.next_trailer_asset_id, title, after_s=0)
    title.trailer_asset_id = title.next_trailer_asset_id = title.trailer_upload_id = None
    title.updated_at = at
    title.save(update_fields=["trailer_asset_id", "next_trailer_asset_id", "trailer_upload_id", "updated_at"])
    tell(Act.TITLE_CHANGED, title, after={"trailer": "removed"})
    return queries.get_title(title_id)


@transaction.atomic
def cancel_trailer(*, title_id: UUID, editor_id: UUID, at: datetime) -> Title:
    """Forget the trailer that is on its way and keep the one that is shown, if there is one. Locks; repeatable."""
    title = lock_title(title_id, editor_id)
    discard(title.next_trailer_asset_id, title, after_s=0)
    title.next_trailer_asset_id, title.trailer_upload_id, title.updated_at = None, None, at
    title.save(update_fields=["next_trailer_asset_id", "trailer_upload_id", "updated_at"])
    return queries.get_title(title_id)
