"""What was sold, as pages name it: a title or a collection. Both have a name, a poster, a path and a channel."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from django.urls import reverse

from footlights.catalog.api import Collection, Title, list_collections, list_titles
from footlights.monetization.api import full_name

Thing = Title | Collection


class Sold(Protocol):
    """Purchases, sales and lines of earnings: one of the two ids is None."""

    @property
    def title_id(self) -> UUID | None: ...
    @property
    def collection_id(self) -> UUID | None: ...


def things_of(rows: Iterable[Sold]) -> dict[UUID, Thing]:
    """What these are about, by id, gone or not: a query for the titles, and one where there are collections."""
    rows = list(rows)
    collections = {row.collection_id for row in rows if row.collection_id}
    things: dict[UUID, Thing] = {**list_titles({row.title_id for row in rows if row.title_id})}
    return (
        {**things, **{each.id: named(each) for each in list_collections(collections).values()}}
        if collections
        else things
    )


def named(collection: Collection) -> Collection:
    """By its full name, for pages on which its series does not stand beside it."""
    return replace(collection, name=full_name(collection))


def next_after(thing: Thing) -> str:
    """Where somebody goes who has it now: into the film, or to the collection to choose an episode."""
    if isinstance(thing, Collection):
        return thing.path
    return f"{reverse('watch:title', args=[thing.channel_handle, thing.slug])}?autoplay=1"


def till_of(thing: Thing, offer_id: UUID) -> str:
    """Where one pays for it by this offer."""
    name = "checkout:collection_offer" if isinstance(thing, Collection) else "checkout:offer"
    return reverse(name, args=[thing.channel_handle, thing.slug, offer_id])


def gift_till_of(thing: Thing, offer_id: UUID) -> str:
    """Where one pays for it to give it to somebody."""
    name = "giving:give_collection" if isinstance(thing, Collection) else "giving:give"
    return reverse(name, args=[thing.channel_handle, thing.slug, offer_id])


def thing_of(row: Sold, things: dict[UUID, Thing] | None = None) -> Thing | None:
    """What one of them is about; None when there never was such a thing."""
    sold_id = row.title_id or row.collection_id
    return (things_of([row]) if things is None else things).get(sold_id) if sold_id else None
