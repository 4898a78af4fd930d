"""What was sold, as pages name it: a title, a collection, a seat at a broadcast. All have a name, a path, a channel."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.urls import reverse

from footlights.catalog.api import Channel, Collection, Title, list_channels, list_collections, list_titles
from footlights.live.api import Broadcast, find_broadcasts
from footlights.monetization.api import full_name


@dataclass(frozen=True, slots=True)
class Show:
    """A broadcast that tickets are sold for, with the fields that pages ask of a title. It has no picture yet."""

    id: UUID
    name: str
    token: str
    state: str
    starts_at: datetime
    channel_name: str
    channel_handle: str
    poster: None = None

    @property
    def path(self) -> str:
        return reverse("live:watch", args=[self.token])


Thing = Title | Collection | Show


class Sold(Protocol):
    """Purchases, sales, gifts, lines of earnings: one id is not None. Only what can be a ticket has `broadcast_id`."""

    @property
    def title_id(self) -> UUID | None: ...
    @property
    def collection_id(self) -> UUID | None: ...


def things_of(rows: Iterable[Sold]) -> dict[UUID, Thing]:
    """What these are about, by id, gone or not: a query for the titles, and more where there are others."""
    rows = list(rows)
    things: dict[UUID, Thing] = {**list_titles({row.title_id for row in rows if row.title_id})}
    if collections := {row.collection_id for row in rows if row.collection_id}:
        things |= {each.id: named(each) for each in list_collections(collections).values()}
    if broadcasts := {broadcast_id for row in rows if (broadcast_id := _broadcast_of(row))}:
        things |= shows_of(find_broadcasts(broadcasts).values())
    return things


def shows_of(broadcasts: Iterable[Broadcast]) -> dict[UUID, Show]:
    """With their channels; one query."""
    found = list(broadcasts)
    channels = list_channels(each.channel_id for each in found)
    return {each.id: show_of(each, channels[each.channel_id]) for each in found}


def show_of(broadcast: Broadcast, channel: Channel) -> Show:
    return Show(
        id=broadcast.id,
        name=broadcast.name,
        token=broadcast.token,
        state=broadcast.state.value,
        starts_at=broadcast.starts_at,
        channel_name=channel.name,
        channel_handle=channel.handle,
    )


def named(collection: Collection) -> Collection:
    """By its full name, for pages on which its series does not stand beside it."""
    return replace(collection, name=full_name(collection))


def next_after(thing: Thing) -> str:
    """Where somebody goes who has it now: into the film or the waiting room, or to the collection to choose."""
    if isinstance(thing, Title):
        return f"{reverse('watch:title', args=[thing.channel_handle, thing.slug])}?autoplay=1"
    return thing.path


def till_of(thing: Thing, offer_id: UUID) -> str:
    """Where one pays for it by this offer."""
    if isinstance(thing, Show):
        return reverse("checkout:ticket", args=[thing.token, offer_id])
    name = "checkout:collection_offer" if isinstance(thing, Collection) else "checkout:offer"
    return reverse(name, args=[thing.channel_handle, thing.slug, offer_id])


def gift_till_of(thing: Thing, offer_id: UUID) -> str:
    """Where one pays for it to give it to somebody."""
    if isinstance(thing, Show):
        return reverse("giving:give_ticket", args=[thing.token, offer_id])
    name = "giving:give_collection" if isinstance(thing, Collection) else "giving:give"
    return reverse(name, args=[thing.channel_handle, thing.slug, offer_id])


def thing_of(row: Sold, things: dict[UUID, Thing] | None = None) -> Thing | None:
    """What one of them is about; None when there never was such a thing."""
    sold_id = row.title_id or row.collection_id or _broadcast_of(row)
    return (things_of([row]) if things is None else things).get(sold_id) if sold_id else None


def _broadcast_of(row: Sold) -> UUID | None:
    """Tips have none."""
    found: UUID | None = getattr(row, "broadcast_id", None)
    return found
