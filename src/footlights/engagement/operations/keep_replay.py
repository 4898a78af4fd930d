"""A recording remembers which room was beside it, and where in it each moment is."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from footlights.engagement.models import ReplayRow, RoomRow
from footlights.live.events import Part


def keep_replay(*, room_subject: str, title_id: UUID, parts: Sequence[Part]) -> None:
    """What the room said is played with the recording from now on. Safe to repeat; without a room there is nothing."""
    room = RoomRow.objects.filter(subject=room_subject).first()
    if room is not None and parts:
        ReplayRow.objects.get_or_create(title_id=title_id, defaults={"room": room, "parts": msgspec.to_builtins(parts)})
