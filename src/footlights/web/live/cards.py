"""Broadcasts as cards: with the poster they have, else what their channel has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from footlights.catalog.api import Channel, list_channels
from footlights.live.api import Broadcast, list_coming, picture_of
from footlights.media.api import Picture, get_pictures

ROW_LENGTH = 12


@dataclass(frozen=True, slots=True)
class LiveCard:
    broadcast: Broadcast
    channel: Channel
    poster: Picture | None


def cards_of(broadcasts: Iterable[Broadcast], channel: Channel | None = None) -> list[LiveCard]:
    """In their order; `channel`, where all are of one that is at hand. Two queries."""
    found = list(broadcasts)
    channels = {channel.id: channel} if channel else list_channels({each.channel_id for each in found}) if found else {}
    own = get_pictures(each.poster_id for each in found if each.poster_id)

    def card(each: Broadcast) -> LiveCard:
        of = channels[each.channel_id]
        poster = own.get(each.poster_id) if each.poster_id else None
        return LiveCard(each, of, poster or picture_of(of))

    return [card(each) for each in found]


def coming_cards(at: datetime, channel: Channel | None = None) -> list[LiveCard]:
    """What everybody may find: on air, then what comes next."""
    channel_id: UUID | None = channel.id if channel else None
    return cards_of(list_coming(at=at, channel_id=channel_id, limit=ROW_LENGTH), channel)
