from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act, record
from footlights.kernel import storage
from footlights.kernel.errors import NotAllowedError
from footlights.media import models
from footlights.media.operations.append_to_upload import source_prefix
from footlights.media.queries import get_upload


def terminate_upload(*, upload_id: UUID, owner_id: UUID) -> None:
    """Take an unfinished upload back and free its space.

    Raises NotFoundError, and NotAllowedError once it is complete.
    """
    upload = get_upload(upload_id, owner_id)
    unfinished = models.Upload.objects.filter(id=upload_id).exclude(state=models.Upload.State.COMPLETE)
    with transaction.atomic():
        removed, _by_table = unfinished.delete()
        if not removed:
            raise NotAllowedError(_("This upload is complete. Delete its title instead."))
        told = {"file": upload.filename, "size_bytes": upload.size_bytes}
        record(act=Act.UPLOAD_DELETED, object_kind="upload", object_id=upload_id, person_ids=[owner_id], before=told)
    storage.delete_prefix(source_prefix(upload_id))
