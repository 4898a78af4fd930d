from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act, record
from footlights.kernel.errors import InvalidInputError
from footlights.media import models, records
from footlights.media.errors import TooLargeError
from footlights.media.queries import upload_record

KEPT_FOR = timedelta(days=2)  # since the last byte arrived


def start_upload(
    *, owner_id: UUID, filename: str, size_bytes: int, content_type: str = "", at: datetime
) -> records.Upload:
    """Announce a file of `size_bytes`. Nothing is stored yet but the row. Raises InvalidInputError, TooLargeError."""
    if size_bytes <= 0:
        raise InvalidInputError(_("This file is empty."), field="file")
    if size_bytes > settings.MAX_UPLOAD_BYTES:
        limit = settings.MAX_UPLOAD_BYTES // 10**9
        raise TooLargeError(
            _("This file is too large. The most this service takes is %(limit)s GB.") % {"limit": limit}
        )
    under_way = models.Upload.objects.filter(
        owner_id=owner_id, state=models.Upload.State.RECEIVING, expires_at__gt=at
    ).count()
    if under_way >= settings.MAX_UPLOADS_AT_ONCE:
        raise InvalidInputError(_("You have many unfinished uploads. Finish or cancel one first."), field="file")
    with transaction.atomic():
        row = models.Upload.objects.create(
            owner_id=owner_id,
            filename=clean_filename(filename),
            content_type=content_type[:100],
            size_bytes=size_bytes,
            created_at=at,
            expires_at=at + KEPT_FOR,
        )
        record(
            act=Act.UPLOAD_STARTED,
            object_kind="upload",
            object_id=row.pk,
            actor_id=owner_id,
            after={"file": row.filename, "size_bytes": size_bytes},
        )
    return upload_record(row)


def clean_filename(name: str) -> str:
    """The last part of a path, printable and bounded. It is only ever shown: no file is stored under it."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in name if letter.isprintable()).strip()
    return name[-255:] or _("untitled")
