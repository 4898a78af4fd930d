from datetime import datetime
from uuid import UUID

from django.db import transaction

from footlights.audit.api import Act
from footlights.catalog import queries
from footlights.catalog.operations.files import check_own_asset, discard, expect_upload, take_file
from footlights.catalog.operations.locking import lock_title
from footlights.catalog.operations.telling import tell
from footlights.catalog.records import Title
from footlights.media import api as media


@transaction.atomic
def replace_file(
    *,
    title_id: UUID,
    editor_id: UUID,
    asset_id: UUID | None = None,
    upload_id: UUID | None = None,
    at: datetime,
) -> Title:
    """Give the title another file, by its asset or by an upload that has just begun. Its address stays.

    What plays now keeps playing until the new file can. Locks the title; repeatable.
    Raises NotFoundError for another's title, upload or asset, InvalidInputError when the file is another title's.
    """
    title = lock_title(title_id, editor_id)
    if upload_id is not None:
        asset_id = media.get_upload(upload_id, editor_id).asset_id
        expect_upload(title, "upload_id", upload_id)
    if asset_id is not None:
        check_own_asset(asset_id, editor_id, title.channel.owner_id)
        take_file(title, asset_id, at=at)
    tell(Act.TITLE_CHANGED, title, after={"file": "replaced"})
    return queries.get_title(title_id)


@transaction.atomic
def cancel_replacement(*, title_id: UUID, editor_id: UUID, at: datetime) -> Title:
    """Keep what plays now and forget the file that was to replace it. Repeatable."""
    title = lock_title(title_id, editor_id)
    discard(title.next_asset_id, title, after_s=0)
    title.next_asset_id, title.upload_id, title.updated_at = None, None, at
    title.save(update_fields=["next_asset_id", "upload_id", "updated_at"])
    return queries.get_title(title_id)
