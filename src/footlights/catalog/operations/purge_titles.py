from datetime import datetime, timedelta

from django.db import transaction

from footlights.audit.api import Act
from footlights.catalog import models, policies
from footlights.catalog.operations.files import discard
from footlights.catalog.operations.telling import tell

BATCH = 100


def purge_titles(*, at: datetime) -> int:
    """Empty what cannot be brought back any more: the files go, and so do the words and the address.

    The row stays, deleted, with its name alone: purchases and the books still point at it. Answers how many.
    A title a transaction, so that a failure keeps what is done. Repeatable.
    """
    due = models.Title.objects.filter(
        state="deleted", deleted_at__lte=at - timedelta(days=policies.UNDO_DAYS), purged_at__isnull=True
    )
    ids = list(due.order_by("deleted_at").values_list("pk", flat=True)[:BATCH])
    for title_id in ids:
        with transaction.atomic():
            title = due.select_for_update(no_key=True, skip_locked=True).filter(pk=title_id).first()
            if title is not None:
                _purge(title, at)
    return len(ids)


def _purge(title: models.Title, at: datetime) -> None:
    files = {title.asset_id, title.next_asset_id, title.trailer_asset_id, title.next_trailer_asset_id}
    title.asset_id = title.next_asset_id = title.upload_id = title.poster_id = None
    title.trailer_asset_id = title.next_trailer_asset_id = title.trailer_upload_id = None
    title.playable_at = None
    title.description = title.credit = ""
    title.tags = []
    title.slug = f"deleted-{title.pk.hex}"
    title.purged_at = at
    title.save()
    title.old_addresses.all().delete()
    tell(Act.TITLE_PURGED, title, actor_id=None)
    for asset_id in files:
        discard(asset_id, title, after_s=0)
