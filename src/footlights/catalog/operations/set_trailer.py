from datetime import datetime
from uuid import UUID

from django.db import transaction

from footlights.audit.api import Act
from footlights.catalog import queries
from footlights.catalog.operations.files import check_own_asset, expect_upload
from footlights.catalog.operations.locking import lock_title
from footlights.catalog.operations.telling import tell
from footlights.catalog.operations.trailers import take_trailer
from footlights.catalog.policies import check_changeable
from footlights.catalog.records import Title
from footlights.media import api as media


@transaction.atomic
def set_trailer(
    *,
    title_id: UUID,
    editor_id: UUID,
    asset_id: UUID | None = None,
    upload_id: UUID | None = None,
    at: datetime,
) -> Title:
    """Give the title a trailer, by its asset or by an upload that has just begun. It shows once it can play.

    A trailer it has already is shown until then. Locks the title; repeatable.
    Raises NotFoundError for another's title, upload or asset, WrongStateError for a deleted title, and
    InvalidInputError when the file is another title's, or the title's own film.
    """
    title = lock_title(title_id, editor_id)
    check_changeable(title.state)
    if upload_id is not None:
        asset_id = media.get_upload(upload_id, editor_id).asset_id
        expect_upload(title, "trailer_upload_id", upload_id)
    if asset_id is not None:
        check_own_asset(asset_id, editor_id, title.channel.owner_id)
        take_trailer(title, asset_id, at=at)
    tell(Act.TITLE_CHANGED, title, after={"trailer": "set"})
    return queries.get_title(title_id)
