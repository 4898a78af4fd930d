"""Cards: what anybody may see, in rows, by category, by channel, by words. A row costs no query of its own."""

from collections.abc import Iterable, Sequence
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
from footlights.media import api as media
from footlights.media.api import Picture

FORGIVEN = 0.45  # share of the query's trigrams a name must hold to count as "probably meant that"

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


def get_shown_channel(handle: str, *, at: datetime) -> tuple[Channel, int]:
    """A channel and how many titles of it everybody may see. One query, beside pictures. Raises NotFoundError."""
    of_each = public_titles(at).filter(channel=OuterRef("pk")).order_by().values("channel")
    count = Coalesce(Subquery(of_each.annotate(count=Count("pk")).values("count")), 0)
    found: list[Any] = list(models.Channel.objects.filter(handle=handle.lower()).annotate(shown=count).defer("search"))
    if not found:
        raise NotFoundError("There is no such channel.")
    return channels_from(found)[0], found[0].shown


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
        found = models.Title.objects.filter(purged_at__isnull=True) if row.any_state else public_titles(at)
        return _marked(found.filter(pk__in=ids), index) if ids else None
    if (row.kind == "category" and not row.category) or (row.kind == "channel" and row.channel_id is None):
        return None
    found = public_titles(
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
