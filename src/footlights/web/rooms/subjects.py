"""What rooms are about, and who may be in them. A new subject is a new line in ADMITS."""

from collections.abc import Callable
from uuid import UUID

from django.urls import reverse

from footlights.catalog.api import get_channel
from footlights.engagement.api import LINGER, Room, find_room, open_room, subject_of_broadcast
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.kernel.shared import Shared
from footlights.live.api import Broadcast, get_broadcast, may_join

CHANNEL, BROADCAST = "channel", "broadcast"
BROADCAST_FRESH_S, BROADCASTS_MAX = 1.0, 500
_broadcasts: Shared[Broadcast] = Shared(fresh_s=BROADCAST_FRESH_S, stale_s=0, capacity=BROADCASTS_MAX)


def subject_of_channel(channel_id: UUID) -> str:
    """A channel's own room, which is there without a show, too."""
    return f"{CHANNEL}:{channel_id}"


def has_open_room(channel_id: UUID) -> bool:
    """Whether the channel's own room is open now."""
    room = find_room(subject_of_channel(channel_id))
    return room is not None and room.is_open


def room_beside(broadcast: Broadcast) -> Room | None:
    """A broadcast's room, made when somebody first needs it; None once it is closed, a little after the end."""
    subject = subject_of_broadcast(broadcast.id)
    room = find_room(subject)
    if room is None and not broadcast.is_over:
        room = open_room(subject=subject, channel_id=broadcast.channel_id, by_id=None, at=now())
    return room if room and room.is_open and not _is_long_over(broadcast) else None


def path_of(room: Room) -> str:
    """The page it is on."""
    kind, _colon, subject_id = room.subject.partition(":")
    if kind == BROADCAST:
        return reverse("live:watch", args=[get_broadcast(UUID(subject_id)).token])
    handle = get_channel(room.channel_id).handle
    return reverse("rooms:channel", args=[handle])


def require_admitted(room: Room, person_id: UUID | None) -> None:
    """Raises NotFoundError: a room that is closed, or that one may not be in, is not there."""
    admits = ADMITS.get(room.subject.partition(":")[0])
    if not room.is_open or admits is None or not admits(room, person_id):
        raise NotFoundError("There is no such room.")


def _may_be_beside(room: Room, person_id: UUID | None) -> bool:
    """Whoever may watch the broadcast."""
    broadcast_id = UUID(room.subject.partition(":")[2])
    broadcast = _broadcasts.get(broadcast_id, lambda: get_broadcast(broadcast_id))
    return may_join(broadcast, person_id, now()) and not _is_long_over(broadcast)


def _is_long_over(broadcast: Broadcast) -> bool:
    return broadcast.ended_at is not None and broadcast.ended_at + LINGER < now()


ADMITS: dict[str, Callable[[Room, UUID | None], bool]] = {
    CHANNEL: lambda _room, _person_id: True,  # a channel is everybody's to look at
    BROADCAST: _may_be_beside,
}
