from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from footlights.audit.api import Act, record
from footlights.kernel import storage
from footlights.media import models
from footlights.media.operations.append_to_upload import source_prefix

FORGOTTEN_AFTER = timedelta(days=30)
_AT_ONCE = 200


def expire_uploads(*, at: datetime) -> int:
    """Free what abandoned uploads hold.

    Returns how many expired. Their rows stay a month, so that a late client is told why.
    """
    due = models.Upload.objects.filter(state=models.Upload.State.RECEIVING, expires_at__lte=at)
    expired = 0
    for upload_id in list(due.values_list("id", flat=True)[:_AT_ONCE]):
        if _expire(due.filter(id=upload_id)):
            models.SourcePart.objects.filter(upload_id=upload_id).delete()
            storage.delete_prefix(source_prefix(upload_id))
            expired += 1
    models.Upload.objects.filter(state=models.Upload.State.EXPIRED, expires_at__lte=at - FORGOTTEN_AFTER).delete()
    return expired


@transaction.atomic
def _expire(upload: QuerySet[models.Upload]) -> bool:
    """Unless something arrived meanwhile."""
    row = upload.select_for_update(no_key=True).first()
    if row is None:
        return False
    upload.update(state=models.Upload.State.EXPIRED)
    told = {"file": row.filename, "size_bytes": row.size_bytes, "received_bytes": row.offset_bytes}
    record(act=Act.UPLOAD_EXPIRED, object_kind="upload", object_id=row.pk, person_ids=[row.owner_id], before=told)
    return True
