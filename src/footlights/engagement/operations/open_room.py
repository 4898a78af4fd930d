"""A subject gets its room; the room is closed, and opened again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from footlights.audit.api import Act, record
from footlights.engagement.models import RoomRow
from footlights.engagement.records import Room


def open_room(*, subject: str, channel_id: UUID, by_id: UUID | None, at: datetime) -> Room:
    """The room of `subject` ("channel:<id>", "broadcast:<id>"), open from now on. Safe to repeat, and for two at once.

    What was said in it before is there again.
    """
    defaults = {"channel_id": channel_id, "created_at": at, "changed_at": at}
    with transaction.atomic():
        row, is_new = RoomRow.objects.get_or_create(subject=subject, defaults=defaults)
        closed = RoomRow.objects.filter(pk=row.pk, closed_at__isnull=False)
        if closed.update(closed_at=None, version=F("version") + 1, changed_at=at) or is_new:
            _tell(Act.ROOM_OPENED, row, by_id)
    row.refresh_from_db()
    return row.to_record()


def close_room(*, room_id: UUID, by_id: UUID | None, at: datetime) -> None:
    """Nobody comes in or says anything more; whoever is there learns it within seconds. Safe to repeat."""
    with transaction.atomic():
        open_now = RoomRow.objects.filter(pk=room_id, closed_at=None)
        if open_now.update(closed_at=at, version=F("version") + 1, changed_at=at):
            _tell(Act.ROOM_CLOSED, RoomRow.objects.get(pk=room_id), by_id)


def _tell(what: Act, row: RoomRow, by_id: UUID | None) -> None:
    record(
        act=what,
        object_kind="room",
        object_id=row.pk,
        actor_id=by_id,
        channel_id=row.channel_id,
        after={"room": row.subject},
    )
