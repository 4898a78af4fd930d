"""Bounded reads. Every list takes a limit; a list of cards costs one query, and one for all its pictures."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, FloatField, Func, IntegerField, Q, QuerySet, Value
from django.utils.translation import get_language

from footlights.catalog import models, policies
from footlights.catalog.records import Category, Channel, Language, State, Title, TitleAccess, TitleCard
from footlights.catalog.taxonomy import CATEGORIES, language_names
from footlights.kernel.errors import NotFoundError
from footlights.media import api as media
from footlights.media.api import Picture

MAX_LIMIT = 200
MAX_SEARCH_CHARS = 200
MAX_SEARCH_WORDS = 8
FORGIVEN = 0.45  # share of the query's trigrams a name must hold to count as "probably meant that"

RowKind = Literal["newest", "category", "channel", "ids"]
Order = Literal["newest", "oldest", "name", "updated"]


TITLE_ACCESS = """
select title.channel_id, channel.owner_id, title.asset_id, title.state, title.publish_at, title.playable_at
from catalog_title as title join catalog_channel as channel on channel.id = title.channel_id
where title.id = %s
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of cards to ask for: the newest of all, of a category or channel, or exactly these ids in this order."""

    kind: RowKind = "newest"
    category: str = ""
    channel_id: UUID | None = None
    ids: Sequence[UUID] = ()
    limit: int = 24
    offset: int = 0
    any_state: bool = False  # with ids: also what is not out any more, for those who own it


def get_channel(channel_id: UUID) -> Channel:
    return _one_channel(models.Channel.objects.filter(pk=channel_id))


def get_channel_by_handle(handle: str) -> Channel:
    """Raises NotFoundError. Handles are compared without case."""
    return _one_channel(models.Channel.objects.filter(handle=handle.lower()))


def list_channels_of(owner_id: UUID) -> list[Channel]:
    """A person's channels, the first opened first."""
    found = models.Channel.objects.filter(owner_id=owner_id).order_by("created_at")
    return _channels(found[: policies.MAX_CHANNELS_PER_PERSON])


def list_channels(ids: Iterable[UUID]) -> dict[UUID, Channel]:
    found = models.Channel.objects.filter(pk__in=list(ids)[:MAX_LIMIT])
    return {channel.id: channel for channel in _channels(found)}


def list_newest_channels(*, limit: int = 24, offset: int = 0) -> list[Channel]:
    return _channels(models.Channel.objects.order_by("-created_at")[offset : offset + min(limit, MAX_LIMIT)])


def may_manage(person_id: UUID | None, channel_id: UUID) -> bool:
    if person_id is None:
        return False
    return models.Channel.objects.filter(pk=channel_id, owner_id=person_id).exists()


def suggest_handle(name: str) -> str:
    """A handle that suits `name` and is free right now."""
    base = policies.handle_from(name)
    taken = set(models.Channel.objects.filter(handle__startswith=base[:25]).values_list("handle", flat=True)[:1000])
    candidates = (f"{base[:25].strip('-')}-{number}" for number in range(2, 1003))
    return base if base not in taken else next(handle for handle in candidates if handle not in taken)


def get_title(title_id: UUID) -> Title:
    """Raises NotFoundError. Whoever asks for a person asks `is_visible` too."""
    return _one_title(models.Title.objects.filter(pk=title_id))


def get_managed_title(title_id: UUID, person_id: UUID) -> Title:
    """A title of a channel `person_id` manages, deleted ones too. To everybody else it is not found."""
    return _one_title(models.Title.objects.filter(pk=title_id, channel__owner_id=person_id))


def title_access(title_id: UUID, viewer_id: UUID | None) -> TitleAccess | None:
    """What deciding whether `viewer_id` may see it needs, in one query; None where there never was such a title."""
    with connection.cursor() as cursor:  # written out: building the query costs more than asking it
        cursor.execute(TITLE_ACCESS, [title_id])
        row = cursor.fetchone()
    if row is None:
        return None
    channel_id, owner_id, asset_id, state, publish_at, playable_at = row
    return TitleAccess(
        title_id=title_id,
        channel_id=channel_id,
        owner_id=owner_id,
        asset_id=asset_id,
        state=state,
        publish_at=publish_at,
        playable=playable_at is not None,
        is_manager=viewer_id is not None and viewer_id == owner_id,
    )


def find_title_by_path(handle: str, slug: str) -> Title | None:
    """The title at this address, or that had it before: then its `path` differs, and the web redirects there."""
    of_channel = models.Title.objects.filter(channel__handle=handle.lower()).exclude(state="deleted")
    titles = _titles(of_channel.filter(slug=slug)) or _titles(of_channel.filter(old_addresses__slug=slug))
    return titles[0] if titles else None


def find_title_by_asset(asset_id: UUID) -> Title | None:
    titles = _titles(models.Title.objects.filter(asset_id=asset_id))
    return titles[0] if titles else None


def list_titles(ids: Iterable[UUID]) -> dict[UUID, Title]:
    """Titles by id, deleted ones too: what was bought keeps its name."""
    return {title.id: title for title in _titles(models.Title.objects.filter(pk__in=list(ids)[:MAX_LIMIT]))}


def search_all_titles(text: str = "", *, state: State | None = None, limit: int = 50, offset: int = 0) -> list[Title]:
    """For administrators: titles in any state by words, id or channel handle, the newest first."""
    found = models.Title.objects.filter(state=state) if state else models.Title.objects.all()
    if text.strip():
        found = found.filter(_matches(text))
    return _titles(found.order_by("-created_at")[offset : offset + min(limit, MAX_LIMIT)])


def list_titles_of(
    channel_id: UUID,
    *,
    states: Iterable[State] = ("draft", "scheduled", "unlisted", "published"),
    text: str = "",
    category: str = "",
    order: Order = "newest",
    limit: int = 50,
    offset: int = 0,
) -> list[Title]:
    """What a channel's studio lists."""
    found = _titles_of(channel_id, states, text, category)
    by = {"newest": "-created_at", "oldest": "created_at", "name": "name", "updated": "-updated_at"}[order]
    return _titles(found.order_by(by, "id")[offset : offset + min(limit, MAX_LIMIT)])


def count_titles_of(
    channel_id: UUID,
    *,
    states: Iterable[State] = ("draft", "scheduled", "unlisted", "published"),
    text: str = "",
    category: str = "",
) -> int:
    return _titles_of(channel_id, states, text, category).count()


def count_cards(*, at: datetime, category: str = "", channel_id: UUID | None = None) -> int:
    return _public(at, category=category, channel_id=channel_id).count()


def list_cards(
    *,
    row: RowKind = "newest",
    at: datetime,
    category: str = "",
    channel_id: UUID | None = None,
    ids: Sequence[UUID] = (),
    limit: int = 24,
    offset: int = 0,
    any_state: bool = False,
) -> list[TitleCard]:
    """One row of cards that anybody may see: two queries."""
    wanted = Row(row, category, channel_id, ids, limit, offset, any_state)
    return list_rows([wanted], at=at)[0]


def list_rows(rows: Sequence[Row], *, at: datetime) -> list[list[TitleCard]]:
    """Many rows of cards at once: one query for all their titles, and one for all their pictures."""
    queries = [query for index, row in enumerate(rows) if (query := _row_query(row, index, at)) is not None]
    if not queries:
        return [[] for _row in rows]
    found = list(queries[0].union(*queries[1:], all=True)) if len(queries) > 1 else list(queries[0])
    cards = _cards(found)
    shelves: list[list[tuple[datetime, TitleCard]]] = [[] for _row in rows]
    for values, card in zip(found, cards, strict=True):
        shelves[values[_ROW]].append((values[_PUBLISH_AT] or card.created_at, card))
    return [_ordered(row, shelf) for row, shelf in zip(rows, shelves, strict=True)]


def search_titles(*, text: str, at: datetime, limit: int = 24, offset: int = 0) -> list[TitleCard]:
    """What anybody may see and `text` probably means, best first: whole and begun words, then near misses.

    A word in the name weighs more than in the tags, the channel's name, the credit or the description.
    """
    query = _words_query(text)
    if query is None:
        return []
    trigrams = _trigrams(_words(text))
    near = Func(F("trigrams"), Value(trigrams), function="catalog_likeness", output_field=FloatField())
    channels = models.Channel.objects.filter(search=query).values("id")
    found = (
        _public(at)
        .annotate(near=near)
        .filter(Q(search=query) | Q(channel__in=channels) | Q(trigrams__overlap=trigrams, near__gte=FORGIVEN))
        .annotate(score=SearchRank(F("search"), query, normalization=1) + F("near"))
        .order_by("-score", "-publish_at", "id")
    )
    return _cards(found.values_list(*_CARD)[offset : offset + min(limit, MAX_LIMIT)])


def list_categories() -> list[Category]:
    return [Category(slug, str(label)) for slug, label in CATEGORIES.items()]


def list_used_categories(*, at: datetime) -> list[Category]:
    """The categories that have something to see, in the list's own order."""
    used = set(_public(at).exclude(category="").values_list("category", flat=True).distinct())
    return [category for category in list_categories() if category.slug in used]


def list_languages() -> list[Language]:
    """Every language a work may be in, as the reader names it."""
    return [Language(tag, label) for tag, label in language_names(get_language() or "en").items()]


def find_language_name(tag: str) -> str:
    return language_names(get_language() or "en").get(tag, "")


def _titles_of(
    channel_id: UUID, states: Iterable[State], text: str, category: str
) -> QuerySet[models.Title, models.Title]:
    found = models.Title.objects.filter(channel_id=channel_id, state__in=list(states))
    if category:
        found = found.filter(category=category)
    query = _words_query(text)
    return found.filter(search=query) if query else found


def _words_query(text: str) -> SearchQuery | None:
    """Every word, whole or begun; None where there is no word."""
    words = _words(text)
    return (
        SearchQuery(" & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw") if words else None
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", policies.fold(text[:MAX_SEARCH_CHARS]))[:MAX_SEARCH_WORDS]


def _matches(text: str) -> Q:
    text = policies.one_line(text)
    try:
        return Q(pk=UUID(text))
    except ValueError:
        query = _words_query(text)
        by_handle = Q(channel__handle=text.removeprefix("@").lower()[:MAX_SEARCH_CHARS])
        return by_handle | Q(search=query) if query else by_handle


def _public(
    at: datetime, *, category: str = "", channel_id: UUID | None = None
) -> QuerySet[models.Title, models.Title]:
    """The same rule as policies.is_public and playable, as SQL (a test holds them together)."""
    out = Q(state="published") | Q(state="scheduled", publish_at__lte=at)
    found = models.Title.objects.filter(out, state__in=["published", "scheduled"], playable_at__isnull=False)
    if category:
        found = found.filter(category=category)
    return found.filter(channel_id=channel_id) if channel_id else found


def _row_query(row: Row, index: int, at: datetime) -> QuerySet[models.Title, tuple[Any, ...]] | None:
    """The row's titles as card values, marked with the row's `index`; None for a row of nothing in particular."""
    limit = min(row.limit, MAX_LIMIT)
    if row.kind == "ids":
        ids = list(row.ids)[row.offset : row.offset + limit]
        found = models.Title.objects.filter(purged_at__isnull=True) if row.any_state else _public(at)
        return _marked(found.filter(pk__in=ids), index) if ids else None
    if (row.kind == "category" and not row.category) or (row.kind == "channel" and row.channel_id is None):
        return None
    found = _public(
        at,
        category=row.category if row.kind == "category" else "",
        channel_id=row.channel_id if row.kind == "channel" else None,
    )
    return _marked(found.order_by("-publish_at", "id"), index)[row.offset : row.offset + limit]


def _marked(found: QuerySet[models.Title, models.Title], index: int) -> QuerySet[models.Title, tuple[Any, ...]]:
    row = Value(index, output_field=IntegerField())
    return found.annotate(row=row).values_list(*_CARD, "publish_at", "row")


def _ordered(row: Row, shelf: list[tuple[datetime, TitleCard]]) -> list[TitleCard]:
    """As asked for: the ids' own order, else the newest first (a union promises no order)."""
    if row.kind == "ids":
        place = {pk: index for index, pk in enumerate(row.ids)}
        return sorted((card for _moment, card in shelf), key=lambda card: place[card.id])
    return [card for _moment, card in sorted(shelf, key=lambda item: (-item[0].timestamp(), item[1].id))]


def _trigrams(words: Iterable[str]) -> list[str]:
    """The same as the database's catalog_trigrams, of words that are folded already."""
    padded = (f"  {word} " for word in words)
    return sorted({word[start : start + 3] for word in padded for start in range(len(word) - 2)})


_CARD = (
    "id", "slug", "name", "poster_id", "duration_ms", "kind", "maturity", "created_at", "channel__name",
    "channel__handle",
)  # fmt: skip
_PUBLISH_AT, _ROW = len(_CARD), len(_CARD) + 1
_POSTER = _CARD.index("poster_id")


def _cards(found: Iterable[tuple[Any, ...]]) -> list[TitleCard]:
    """Cards of rows that begin with the fields of _CARD, and all their pictures in one query."""
    rows = list(found)
    pictures = media.get_pictures({row[_POSTER] for row in rows if row[_POSTER]})
    return [_card(row, pictures) for row in rows]


def _card(row: tuple[Any, ...], pictures: dict[UUID, Picture]) -> TitleCard:
    ident, slug, name, poster_id, duration_ms, kind, maturity, created_at, channel_name, handle = row[: len(_CARD)]
    return TitleCard(
        id=ident,
        path=f"/@{handle}/{slug}",
        name=name,
        channel_name=channel_name,
        channel_handle=handle,
        poster=pictures.get(poster_id) if poster_id else None,
        duration_ms=duration_ms,
        kind=kind,
        maturity=maturity,
        created_at=created_at,
    )


def _one_channel(found: QuerySet[models.Channel, models.Channel]) -> Channel:
    for channel in _channels(found):
        return channel
    raise NotFoundError("There is no such channel.")


def _channels(found: QuerySet[models.Channel, models.Channel]) -> list[Channel]:
    rows = list(found.defer("search"))
    pictures = media.get_pictures({pk for row in rows for pk in (row.avatar_id, row.banner_id) if pk})
    return [
        Channel(
            id=row.id,
            owner_id=row.owner_id,
            handle=row.handle,
            name=row.name,
            description=row.description,
            avatar=pictures.get(row.avatar_id) if row.avatar_id else None,
            banner=pictures.get(row.banner_id) if row.banner_id else None,
            created_at=row.created_at,
        )
        for row in rows
    ]


def _one_title(found: QuerySet[models.Title, models.Title]) -> Title:
    for title in _titles(found):
        return title
    raise NotFoundError("There is no such title.")


def _titles(found: QuerySet[models.Title, models.Title]) -> list[Title]:
    rows = list(found.select_related("channel").defer("search", "trigrams", "channel__search"))
    pictures = media.get_pictures({row.poster_id for row in rows if row.poster_id})
    return [
        Title(
            id=row.id,
            channel_id=row.channel_id,
            channel_handle=row.channel.handle,
            channel_name=row.channel.name,
            owner_id=row.channel.owner_id,
            slug=row.slug,
            name=row.name,
            description=row.description,
            language=row.language,
            category=row.category,
            tags=list(row.tags),
            maturity=row.maturity,  # type: ignore[arg-type]  # the column holds only these
            state=row.state,  # type: ignore[arg-type]  # as above
            publish_at=row.publish_at,
            deleted_at=row.deleted_at,
            upload_id=row.upload_id,
            asset_id=row.asset_id,
            next_asset_id=row.next_asset_id,
            trailer_asset_id=row.trailer_asset_id,
            playable=row.playable_at is not None,
            kind=row.kind,  # type: ignore[arg-type]  # as above
            duration_ms=row.duration_ms,
            poster=pictures.get(row.poster_id) if row.poster_id else None,
            credit=row.credit,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row in rows
    ]
