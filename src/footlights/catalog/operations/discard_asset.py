from datetime import datetime
from uuid import UUID

from footlights.catalog import models
from footlights.catalog.operations.files import uses
from footlights.kernel.errors import NotFoundError
from footlights.media import api as media


def discard_asset(*, asset_id: UUID, title_id: UUID, at: datetime) -> None:
    """Delete a file, unless a title took it back meanwhile; the title's poster stays if it came from it. Repeatable."""
    if models.Title.objects.filter(uses(asset_id)).exists():
        return
    poster = models.Title.objects.filter(pk=title_id).values_list("poster_id", flat=True).first()
    try:
        media.delete_asset(asset_id=asset_id, at=at, keep_pictures=[poster] if poster else [])
    except NotFoundError:
        return
