"""What rooms are about, and who may be in them. A new subject is a new line in ADMITS."""

from collections.abc import Callable
from uuid import UUID

from django.urls import reverse

from footlights.catalog.api import get_channel
from footlights.engagement.api import Room, find_room
from footlights.kernel.errors import NotFoundError

CHANNEL = "channel"


def subject_of_channel(channel_id: UUID) -> str:
    """A channel's own room, which is there without a show, too."""
    return f"{CHANNEL}:{channel_id}"


def has_open_room(channel_id: UUID) -> bool:
    """Whether the channel's own room is open now."""
    room = find_room(subject_of_channel(channel_id))
    return room is not None and room.is_open


ADMITS: dict[str, Callable[[Room, UUID | None], bool]] = {
    CHANNEL: lambda _room, _person_id: True,  # a channel is everybody's to look at
}


def path_of(room: Room) -> str:
    """The page it is on."""
    handle = get_channel(room.channel_id).handle
    return reverse("rooms:channel", args=[handle])


def require_admitted(room: Room, person_id: UUID | None) -> None:
    """Raises NotFoundError: a room that is closed, or that one may not be in, is not there."""
    admits = ADMITS.get(room.subject.partition(":")[0])
    if not room.is_open or admits is None or not admits(room, person_id):
        raise NotFoundError("There is no such room.")
