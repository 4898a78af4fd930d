"""Bounded reads of collections: of a channel, around a title, by words; and the titles in them, in their order."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from footlights.accounts.api import Role, role_named
from footlights.catalog import membership, models, policies, queries
from footlights.catalog.addresses import page_of
from footlights.catalog.cards import public_titles
from footlights.catalog.records import Address, Collection, Episode, Place
from footlights.catalog.words import words_query
from footlights.kernel.errors import NotFoundError
from footlights.kernel.reads import fetch_rows
from footlights.media import api as media

OF_A_TITLE_MAX = 5
# What comes after each in the first season it stands in. With the rule of policies.is_public and playable, as SQL.
NEXT_EPISODES = """
select distinct on (here.title_id) here.title_id, later.title_id
from catalog_collectiontitle here
join catalog_collection season on season.id = here.collection_id
    and season.kind = 'season' and season.state = 'published'
join catalog_collectiontitle later on later.collection_id = here.collection_id and later.place > here.place
join catalog_title title on title.id = later.title_id and title.playable_at is not null
    and (title.state = 'published' or (title.state = 'scheduled' and title.publish_at <= %(at)s))
where here.title_id = any(%(title_ids)s)
order by here.title_id, season.id, later.place
"""
OUT_SOMETIME = Q(title__state__in=["published", "scheduled"], title__playable_at__isnull=False)


def get_collection(collection_id: UUID) -> Collection:
    """Raises NotFoundError."""
    for collection in _collections(models.Collection.objects.filter(pk=collection_id)):
        return collection
    raise NotFoundError("There is no such collection.")


def get_managed_collection(collection_id: UUID, person_id: UUID) -> tuple[Collection, Role]:
    """One of a channel whose team `person_id` is in, and as what. To others, and once deleted, it is not found."""
    living = models.Collection.objects.filter(pk=collection_id).exclude(state="deleted")
    found = _rows(membership.with_role(living, person_id))
    if not found or found[0].team_role is None:
        raise NotFoundError("There is no such collection.")
    return _records(found)[0], role_named(found[0].team_role)


def find_collection_by_path(handle: str, slug: str) -> Collection | None:
    found = models.Collection.objects.filter(channel__handle=handle.lower(), slug=slug).exclude(state="deleted")
    return next(iter(_collections(found)), None)


def list_collections(ids: Iterable[UUID]) -> dict[UUID, Collection]:
    """Collections by id, deleted ones too: what was bought keeps its name."""
    found = models.Collection.objects.filter(pk__in=list(ids)[: queries.MAX_LIMIT])
    return {each.id: each for each in _collections(found)}


def list_collections_of(
    channel_id: UUID, *, public: bool = False, limit: int = policies.MAX_COLLECTIONS_PER_CHANNEL
) -> list[Collection]:
    """A channel's: series together, their seasons by number, then the newest; `public`: what everybody may find."""
    found = models.Collection.objects.filter(channel_id=channel_id)
    found = found.filter(state="published") if public else found.exclude(state="deleted")
    return _collections(found.order_by("series", "number", "-created_at")[:limit])


def list_seasons(collection: Collection) -> list[Collection]:
    """The published seasons of the same series, itself among them, by number; none where it names no series."""
    if not collection.series:
        return []
    found = models.Collection.objects.filter(
        channel_id=collection.channel_id, series=collection.series, state="published"
    )
    return _collections(found.order_by("number", "created_at")[: queries.MAX_LIMIT])


def list_titles_in(collection_id: UUID) -> list[Episode]:
    """All that stand in it, drafts too, in their order: for its makers."""
    return _in_order(models.Title.objects.exclude(state="deleted"), collection_id)


def list_public_titles_in(collection_id: UUID, at: datetime) -> list[Episode]:
    """Those that everybody may find at that moment, in their order."""
    return _in_order(public_titles(at), collection_id)


def list_public_ids_in(collection_id: UUID, at: datetime) -> list[UUID]:
    """The same, ids alone."""
    found = public_titles(at).filter(places__collection_id=collection_id).order_by("places__place")
    return list(found.values_list("pk", flat=True)[: policies.MAX_TITLES_IN_COLLECTION])


def list_places_of(title_id: UUID) -> list[Place]:
    """The published collections a title stands in, seasons first; at most five."""
    found = models.Collection.objects.filter(state="published", places__title_id=title_id).order_by("-kind", "pk")
    rows = _rows(found.annotate(at_place=Subquery(_place_of(title_id)))[:OF_A_TITLE_MAX])
    return [Place(record, row.at_place) for record, row in zip(_records(rows), rows, strict=True)]


def list_next_episodes(title_ids: Iterable[UUID], at: datetime) -> dict[UUID, UUID]:
    """What everybody may find after each of these titles in its season; without the last ones, and those in none."""
    wanted = list(title_ids)[: queries.MAX_LIMIT]
    return dict(fetch_rows(NEXT_EPISODES, {"title_ids": wanted, "at": at})) if wanted else {}


def list_collections_with(title_ids: Iterable[UUID]) -> list[UUID]:
    """The ids of the collections, in whatever state, that any of these titles stands in."""
    found = models.CollectionTitle.objects.filter(title_id__in=list(title_ids)).values_list("collection_id", flat=True)
    return list(found.distinct()[: queries.MAX_LIMIT])


def count_titles_in(ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many titles stand in each, in whatever state but deleted."""
    found = models.CollectionTitle.objects.filter(collection_id__in=list(ids)).exclude(title__state="deleted")
    return dict(found.values_list("collection_id").annotate(count=Count("pk")))


def search_collections(text: str, *, limit: int = 6) -> list[Collection]:
    """Published ones that have all these words, or their beginnings, in their name or their series'."""
    query = words_query(text)
    if query is None:
        return []
    return _collections(models.Collection.objects.filter(search=query, state="published").order_by("name")[:limit])


def count_collection_addresses(*, at: datetime) -> int:  # noqa: ARG001  as for titles
    return models.Collection.objects.filter(state="published").count()


def list_collection_addresses(*, at: datetime, page: int) -> list[Address]:  # noqa: ARG001  as for titles
    found = models.Collection.objects.filter(state="published").order_by("id")
    rows = page_of(found.values_list("channel__handle", "slug", "updated_at"), page)
    return [Address(f"/@{handle}/collections/{slug}", changed_at) for handle, slug, changed_at in rows]


def _in_order(found: QuerySet[models.Title, models.Title], collection_id: UUID) -> list[Episode]:
    places = dict(models.CollectionTitle.objects.filter(collection_id=collection_id).values_list("title_id", "place"))
    titles = queries.titles_in(found.filter(pk__in=places))
    return sorted((Episode(places[title.id], title) for title in titles), key=lambda each: each.place)


def _place_of(title_id: UUID) -> QuerySet[Any, Any]:
    return models.CollectionTitle.objects.filter(collection_id=OuterRef("pk"), title_id=title_id).values("place")[:1]


def _collections(found: QuerySet[models.Collection, models.Collection]) -> list[Collection]:
    return _records(_rows(found))


def _rows(found: QuerySet[Any, Any]) -> list[Any]:
    """With the poster of the first title that has one, and is or will be out: two queries with their pictures."""
    first = models.CollectionTitle.objects.filter(
        OUT_SOMETIME, collection_id=OuterRef("pk"), title__poster_id__isnull=False
    ).order_by("place")
    found = found.annotate(poster_id=Subquery(first.values("title__poster_id")[:1]))
    return list(found.select_related("channel").defer("search", "channel__search"))


def _records(rows: list[Any]) -> list[Collection]:
    pictures = media.get_pictures({row.poster_id for row in rows if row.poster_id})
    return [
        Collection(
            id=row.pk,
            channel_id=row.channel_id,
            channel_handle=row.channel.handle,
            channel_name=row.channel.name,
            owner_id=row.channel.owner_id,
            slug=row.slug,
            kind=row.kind,
            name=row.name,
            series=row.series,
            number=row.number,
            description=row.description,
            state=row.state,
            poster=pictures.get(row.poster_id) if row.poster_id else None,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row in rows
    ]
