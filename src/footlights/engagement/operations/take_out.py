"""What somebody said is taken out beside the recording, when its room is closed already."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from footlights.audit.api import Act, record
from footlights.engagement.models import MessageRow
from footlights.engagement.records import Replay
from footlights.kernel.errors import NotFoundError


def take_out(replay: Replay, *, message_id: UUID, by_id: UUID, at: datetime) -> None:
    """For good, as in the room. Whether they may is for the caller to know. Safe to repeat.

    Raises NotFoundError for what was never said there.
    """
    with transaction.atomic():
        row = MessageRow.objects.select_related("room", "viewer").filter(room_id=replay.room_id, pk=message_id).first()
        if row is None:
            raise NotFoundError("There is no such message.")
        if not MessageRow.objects.filter(pk=row.pk, hidden_at=None).update(hidden_at=at, hidden_by_id=by_id):
            return
        record(
            act=Act.MESSAGE_HIDDEN,
            object_kind="message",
            object_id=row.pk,
            actor_id=by_id,
            channel_id=replay.channel_id,
            person_ids=[row.viewer.person_id],
            after={"room": row.room.subject},
        )
