"""Cards: what anybody may see, in rows, by category, by channel, by words. A row costs no query of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.contrib.postgres.search import SearchRank
from django.db.models import Count, F, FloatField, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from footlights.catalog import models
from footlights.catalog.queries import MAX_LIMIT, channels_from, list_categories, rows_at, titles_from
from footlights.catalog.records import Category, Channel, Title, TitleCard
from footlights.catalog.words import trigrams_of, words_of, words_query
from footlights.kernel.errors import NotFoundError
from footlights.kernel.reads import fetch_rows
from footlights.media import api as media
from footlights.media.api import Picture

FORGIVEN = 0.45  # share of the query's trigrams a name must hold to count as "probably meant that"

# The parts of the statement behind rows; `public_titles` says PUBLIC in Django's words.
PUBLIC = """title.playable_at is not null and title.state in ('published', 'scheduled')
and (title.state = 'published' or title.publish_at <= %(at)s)"""
CARD = """select title.id, title.slug, title.name, title.poster_id, title.duration_ms, title.kind, title.maturity,
title.created_at, channel.name, channel.handle, title.publish_at, {row} as row
from catalog_title as title join catalog_channel as channel on channel.id = title.channel_id"""

RowKind = Literal["newest", "category", "channel", "ids"]


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


@dataclass(frozen=True, slots=True)
class FoundChannel:
    """A channel, how many titles of it everybody may see, and some of them; their pictures are read by `show`."""

    id: UUID
    count: int
    _row: models.Channel
    _titles: Sequence[tuple[Any, ...]]

    def show(self, *, beside: Iterable[UUID] = ()) -> tuple[Channel, list[TitleCard], Mapping[UUID, Picture]]:
        """One query: the channel, the cards, and the pictures of both and of those `beside` them on the page."""
        own = {self._row.avatar_id, self._row.banner_id, *(row[_POSTER] for row in self._titles)} - {None}
        pictures = media.get_pictures({*own, *beside})
        return channels_from([self._row], pictures)[0], [_card(row, pictures) for row in self._titles], pictures


def find_shown_channel(handle: str, *, at: datetime, limit: int, offset: int = 0) -> FoundChannel:
    """A channel and the newest titles of it that everybody may see. Two queries. Raises NotFoundError."""
    of_each = public_titles(at).filter(channel=OuterRef("pk")).order_by().values("channel")
    count = Coalesce(Subquery(of_each.annotate(count=Count("pk")).values("count")), 0)
    found: list[Any] = list(models.Channel.objects.filter(handle=handle.lower()).annotate(shown=count).defer("search"))
    if not found:
        raise NotFoundError("There is no such channel.")
    row = Row(kind="channel", channel_id=found[0].id, limit=limit, offset=offset)
    return FoundChannel(found[0].id, found[0].shown, found[0], _ask([row], at))


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


def find_title_with_more(*, handle: str, slug: str, limit: int, at: datetime) -> tuple[Title, list[TitleCard]] | None:
    """`find_title_by_path`, and the newest others of its channel; all their pictures together: three queries."""
    rows = rows_at(handle, slug)
    if not rows:
        return None
    others = _marked(public_titles(at, channel_id=rows[0].channel_id).order_by("-publish_at", "id"), 0)[:limit]
    found = list(others)
    pictures = media.get_pictures({*(row.poster_id for row in rows), *(row[_POSTER] for row in found)} - {None})
    return titles_from(rows, pictures)[0], [_card(row, pictures) for row in found if row[0] != rows[0].id]


def list_rows(rows: Sequence[Row], *, at: datetime) -> list[list[TitleCard]]:
    """Many rows of cards at once: one query for all their titles, and one for all their pictures."""
    found = _ask(rows, at)
    cards = _cards(found)
    shelves: list[list[tuple[datetime, TitleCard]]] = [[] for _row in rows]
    for values, card in zip(found, cards, strict=True):
        shelves[values[_ROW]].append((values[_PUBLISH_AT] or card.created_at, card))
    return [_ordered(row, shelf) for row, shelf in zip(rows, shelves, strict=True)]


def search_titles(*, text: str, at: datetime, limit: int = 24, offset: int = 0) -> list[TitleCard]:
    """What anybody may see and `text` probably means, best first: whole and begun words, then near misses.

    A word in the name weighs more than in the tags, the channel's name, the credit or the description.
    """
    query = words_query(text)
    if query is None:
        return []
    trigrams = trigrams_of(words_of(text))
    near = Func(F("trigrams"), Value(trigrams), function="catalog_likeness", output_field=FloatField())
    channels = models.Channel.objects.filter(search=query).values("id")
    found = (
        public_titles(at)
        .annotate(near=near)
        .filter(Q(search=query) | Q(channel__in=channels) | Q(trigrams__overlap=trigrams, near__gte=FORGIVEN))
        .annotate(score=SearchRank(F("search"), query, normalization=1) + F("near"))
        .order_by("-score", "-publish_at", "id")
    )
    return _cards(found.values_list(*_CARD)[offset : offset + min(limit, MAX_LIMIT)])


def list_used_categories(*, at: datetime) -> list[Category]:
    """The categories that have something to see, in the list's own order."""
    used = set(public_titles(at).exclude(category="").values_list("category", flat=True).distinct())
    return [category for category in list_categories() if category.slug in used]


def public_titles(
    at: datetime, *, category: str = "", channel_id: UUID | None = None
) -> QuerySet[models.Title, models.Title]:
    """The same rule as policies.is_public and playable, as SQL, and as PUBLIC (tests hold them together)."""
    out = Q(state="published") | Q(state="scheduled", publish_at__lte=at)
    found = models.Title.objects.filter(out, state__in=["published", "scheduled"], playable_at__isnull=False)
    if category:
        found = found.filter(category=category)
    return found.filter(channel_id=channel_id) if channel_id else found


def _ask(rows: Sequence[Row], at: datetime) -> list[tuple[Any, ...]]:
    """The card values of all their titles, in no order, each with the number of its row. One query at most.

    Every page begins with it, and a union of many rows takes Django longer to write than PostgreSQL to answer.
    """
    values: dict[str, Any] = {"at": at}
    parts = [part for number, row in enumerate(rows) if (part := _part(row, number, values))]
    return fetch_rows(" union all ".join(parts), values) if parts else []


def _part(row: Row, number: int, values: dict[str, Any]) -> str:
    """The statement of one row, its values put to the others; empty for a row of nothing in particular."""
    limit = min(row.limit, MAX_LIMIT)
    value = f"row_{number}"
    if row.kind == "ids":
        values[value] = list(row.ids)[row.offset : row.offset + limit]
        which = "title.purged_at is null" if row.any_state else PUBLIC
        return f"({CARD.format(row=number)} where {which} and title.id = any(%({value})s))" if values[value] else ""
    which = PUBLIC
    if row.kind != "newest":
        column = "category" if row.kind == "category" else "channel_id"
        values[value] = row.category if row.kind == "category" else row.channel_id
        if not values[value]:
            return ""
        which += f" and title.{column} = %({value})s"
    offset = ""
    if row.offset:  # a number of its own, for most rows have none and are planned as that
        values[f"offset_{number}"] = row.offset
        offset = f" offset %(offset_{number})s::int"
    return f"({CARD.format(row=number)} where {which} order by title.publish_at desc, title.id limit {limit:d}{offset})"


def _marked(found: QuerySet[models.Title, models.Title], index: int) -> QuerySet[models.Title, tuple[Any, ...]]:
    row = Value(index, output_field=IntegerField())
    return found.annotate(row=row).values_list(*_CARD, "publish_at", "row")


def _ordered(row: Row, shelf: list[tuple[datetime, TitleCard]]) -> list[TitleCard]:
    """As asked for: the ids' own order, else the newest first (a union promises no order)."""
    if row.kind == "ids":
        place = {pk: index for index, pk in enumerate(row.ids)}
        return sorted((card for _moment, card in shelf), key=lambda card: place[card.id])
    return [card for _moment, card in sorted(shelf, key=lambda item: (-item[0].timestamp(), item[1].id))]


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
