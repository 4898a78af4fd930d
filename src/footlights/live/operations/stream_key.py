import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from footlights.accounts.api import Permission
from footlights.audit.api import Act, record
from footlights.catalog.api import may
from footlights.kernel import crypto
from footlights.kernel.errors import NotFoundError
from footlights.live import models, queries
from footlights.live.keys import digest_of, stream_context


@transaction.atomic
def get_stream_key(*, channel_id: UUID, editor_id: UUID, at: datetime) -> str:
    """What the channel's encoder sends with, made on first need. Raises NotFoundError."""
    if key := queries.find_stream_key(channel_id, editor_id):
        return key
    return change_stream_key(channel_id=channel_id, editor_id=editor_id, at=at)


@transaction.atomic
def change_stream_key(*, channel_id: UUID, editor_id: UUID, at: datetime) -> str:
    """A new one; whoever sends with the old is put out within seconds. Raises NotFoundError."""
    if not may(editor_id, Permission.EDIT_TITLES, channel_id):
        raise NotFoundError("There is no such channel.")
    key = secrets.token_urlsafe(24)
    sealed = crypto.seal(key.encode(), context=stream_context(channel_id))
    models.StreamKeyRow.objects.update_or_create(
        channel_id=channel_id, defaults={"digest": digest_of(key), "sealed_key": sealed, "since": at}
    )
    record(act=Act.STREAM_KEY_CHANGED, object_kind="channel", object_id=channel_id, channel_id=channel_id)
    return key
