from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act, record
from footlights.kernel.errors import InvalidInputError
from footlights.media import models, records
from footlights.media.errors import TooLargeError
from footlights.media.queries import get_upload_room, upload_record

KEPT_FOR = timedelta(days=2)  # since the last byte arrived


def start_upload(
    *, owner_id: UUID, filename: str, size_bytes: int, content_type: str = "", at: datetime
) -> records.Upload:
    """Announce a file of `size_bytes`. Nothing is stored yet but the row.

    Locks the owner's uploads. Raises InvalidInputError, and TooLargeError also where all they keep would be too much.
    """
    if size_bytes <= 0:
        raise InvalidInputError(_("This file is empty."), field="file")
    if size_bytes > settings.MAX_UPLOAD_BYTES:
        limit = settings.MAX_UPLOAD_BYTES // 10**9
        raise TooLargeError(
            _("This file is too large. The most this service takes is %(limit)s GB.") % {"limit": limit}
        )
    with transaction.atomic():
        _lock(owner_id)
        _require_room(owner_id, size_bytes, at)
        return upload_record(_announce(owner_id, filename, size_bytes, content_type, at))


def _lock(owner_id: UUID) -> None:
    """Two uploads that begin at once must not both take the room of one. Until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('footlights.uploads'), hashtext(%s))", [str(owner_id)])


def _require_room(owner_id: UUID, size_bytes: int, at: datetime) -> None:
    under_way = models.Upload.objects.filter(
        owner_id=owner_id, state=models.Upload.State.RECEIVING, expires_at__gt=at
    ).count()
    if under_way >= settings.MAX_UPLOADS_AT_ONCE:
        raise InvalidInputError(_("You have many unfinished uploads. Finish or cancel one first."), field="file")
    room = get_upload_room(owner_id, at=at)
    if size_bytes > room.left_bytes:
        facts = {"used": _size(room.used_bytes), "most": _size(room.most_bytes), "size": _size(size_bytes)}
        raise TooLargeError(
            _(
                "There is no room for this file of %(size)s: your files take %(used)s of %(most)s. "
                "Room comes back when titles you delete are removed for good; who runs this service can give you more."
            )
            % facts
        )


def _size(count: int) -> str:
    return f"{count / 10**9:.1f} GB"


def _announce(owner_id: UUID, filename: str, size_bytes: int, content_type: str, at: datetime) -> models.Upload:
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
    return row


def clean_filename(name: str) -> str:
    """The last part of a path, printable and bounded. It is only ever shown: no file is stored under it."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in name if letter.isprintable()).strip()
    return name[-255:] or _("untitled")
