"""Broadcasts as cards: with the poster they have, else what their channel has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from footlights.catalog.api import Channel, list_channels_beside
from footlights.live.api import Broadcast, picture_of
from footlights.media.api import Picture, get_pictures


@dataclass(frozen=True, slots=True)
class LiveCard:
    broadcast: Broadcast
    channel: Channel
    poster: Picture | None


def cards_of(
    broadcasts: Iterable[Broadcast], channel: Channel | None = None, pictures: Mapping[UUID, Picture] | None = None
) -> list[LiveCard]:
    """In their order; `channel`, where all are of one that is at hand, `pictures`, where theirs are. Two queries."""
    found = list(broadcasts)
    own: Mapping[UUID, Picture] = {}
    channels: Mapping[UUID, Channel] = {}
    if channel:
        channels = {channel.id: channel}
        own = get_pictures(posters_of(found)) if pictures is None else pictures
    elif found:
        channels, own = list_channels_beside({each.channel_id for each in found}, posters_of(found))

    def card(each: Broadcast) -> LiveCard:
        of = channels[each.channel_id]
        poster = own.get(each.poster_id) if each.poster_id else None
        return LiveCard(each, of, poster or picture_of(of))

    return [card(each) for each in found]


def posters_of(broadcasts: Iterable[Broadcast]) -> set[UUID]:
    """The pictures of those that have one of their own."""
    return {each.poster_id for each in broadcasts if each.poster_id}
