"""Somebody who was banned says why they should be let back."""

from datetime import datetime
from uuid import UUID

from footlights.engagement import policies
from footlights.engagement.errors import RefusedError
from footlights.engagement.operations.enter_room import Came, bans_of
from footlights.engagement.records import Room


def appeal(room: Room, *, person_id: UUID | None, came: Came, text: str, at: datetime) -> None:
    """Their words for those who look after the channel's rooms: once a ban.

    Raises RefusedError: "empty", "long", "gone" when nothing keeps them out, "appealed" when they said so before.
    """
    words = policies.plain_text(text, most=policies.APPEAL_LENGTH_MAX)
    bans = bans_of(room.channel_id, person_id, came)
    if bans.filter(appeal="").update(appeal=words, appealed_at=at):
        return
    raise RefusedError("appealed" if bans.exists() else "gone")
