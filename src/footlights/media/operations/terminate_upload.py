from uuid import UUID

from django.utils.translation import gettext as _

from footlights.kernel import storage
from footlights.kernel.errors import NotAllowedError
from footlights.media import models
from footlights.media.operations.append_to_upload import source_prefix
from footlights.media.queries import get_upload


def terminate_upload(*, upload_id: UUID, owner_id: UUID) -> None:
    """Take an unfinished upload back and free its space.

    Raises NotFoundError, and NotAllowedError once it is complete.
    """
    get_upload(upload_id, owner_id)
    removed, _by_table = models.Upload.objects.filter(id=upload_id).exclude(state=models.Upload.State.COMPLETE).delete()
    if not removed:
        raise NotAllowedError(_("This upload is complete. Delete its title instead."))
    storage.delete_prefix(source_prefix(upload_id))
