"""Bounded reads. Every list takes a limit; a list of cards costs one query, and one for all its pictures."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import get_language

from footlights.accounts.api import Role, role_named
from footlights.catalog import membership, models, policies
from footlights.catalog.records import (
    Category,
    Channel,
    Chapter,
    Followed,
    Language,
    Membership,
    State,
    Title,
    TitleAccess,
    TitleCard,
)
from footlights.catalog.taxonomy import CATEGORIES, language_names
from footlights.catalog.words import MAX_SEARCH_CHARS, words_query
from footlights.kernel.errors import NotFoundError
from footlights.kernel.reads import fetch_rows
from footlights.kernel.shared import Shared
from footlights.media import api as media
from footlights.media.api import Picture

MAX_LIMIT = 200

Order = Literal["newest", "oldest", "name", "updated"]


TITLE_ACCESS = """
select title.channel_id, channel.owner_id, title.asset_id, title.state, title.publish_at, title.playable_at,
array(select concat(member.person_id, ' ', member.role) from catalog_member as member
      where member.channel_id = title.channel_id)
from catalog_title as title join catalog_channel as channel on channel.id = title.channel_id
where title.id = %s
"""
LATELY_S = 2.0
_lately: Shared[list[tuple[Any, ...]]] = Shared(fresh_s=LATELY_S, stale_s=0, capacity=5_000)


def get_channel(channel_id: UUID) -> Channel:
    return _one_channel(models.Channel.objects.filter(pk=channel_id))


def get_channel_by_handle(handle: str) -> Channel:
    """Raises NotFoundError. Handles are compared without case."""
    return _one_channel(models.Channel.objects.filter(handle=handle.lower()))


def list_channels_of(owner_id: UUID) -> list[Channel]:
    """The channels a person opened, the first first."""
    found = models.Channel.objects.filter(owner_id=owner_id).order_by("created_at")
    return _channels(found[: policies.MAX_CHANNELS_PER_PERSON])


def channel_ids_of(owner_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The channels that each of them opened, the first first; nothing of who opened none. One query."""
    found: dict[UUID, list[UUID]] = {}
    rows = models.Channel.objects.filter(owner_id__in=owner_ids).order_by("created_at")
    most = len(owner_ids) * policies.MAX_CHANNELS_PER_PERSON
    for owner_id, channel_id in rows.values_list("owner_id", "pk")[:most]:
        found.setdefault(owner_id, []).append(channel_id)
    return found


def list_memberships(person_id: UUID) -> list[Membership]:
    """Every channel a person works on, and as what: their own first."""
    rows: list[Any] = list(membership.of_person(person_id).defer("search")[:MAX_LIMIT])
    channels = channels_from(rows)
    return [
        Membership(channel=channel, role=role_named(row.team_role)) for row, channel in zip(rows, channels, strict=True)
    ]


def list_channels(ids: Iterable[UUID]) -> dict[UUID, Channel]:
    return list_channels_beside(ids, ())[0]


def list_channels_beside(
    ids: Iterable[UUID], picture_ids: Iterable[UUID]
) -> tuple[dict[UUID, Channel], Mapping[UUID, Picture]]:
    """The channels, and these pictures with theirs. Two queries."""
    rows = list(models.Channel.objects.filter(pk__in=list(ids)[:MAX_LIMIT]).defer("search"))
    pictures = media.get_pictures({*_pictures_of(rows), *picture_ids})
    return {channel.id: channel for channel in channels_from(rows, pictures)}, pictures


def is_follower(channel_id: UUID, person_id: UUID | None) -> bool:
    return person_id is not None and models.Follower.objects.filter(channel_id=channel_id, person_id=person_id).exists()


def list_followed(person_id: UUID, *, limit: int = MAX_LIMIT) -> list[Followed]:
    """The channels they follow, the latest first. Two queries."""
    rows = models.Follower.objects.filter(person_id=person_id).select_related("channel").defer("channel__search")
    newest = list(rows.order_by("-since", "-pk")[: min(limit, MAX_LIMIT)])
    channels = channels_from([row.channel for row in newest])
    return [Followed(channel, row.since) for channel, row in zip(channels, newest, strict=True)]


def count_followers(channel_id: UUID, *, since: datetime) -> tuple[int, int]:
    """How many follow it, and how many of them do so only since then. One query."""
    counted = models.Follower.objects.filter(channel_id=channel_id).aggregate(
        all=Count("pk"), fresh=Count("pk", filter=Q(since__gte=since))
    )
    return counted["all"], counted["fresh"]


def list_newest_channels(*, limit: int = 24, offset: int = 0) -> list[Channel]:
    return _channels(models.Channel.objects.order_by("-created_at")[offset : offset + min(limit, MAX_LIMIT)])


def suggest_handle(name: str) -> str:
    """A handle that suits `name` and is free right now."""
    base = policies.handle_from(name)
    taken = set(models.Channel.objects.filter(handle__startswith=base[:25]).values_list("handle", flat=True)[:1000])
    candidates = (f"{base[:25].strip('-')}-{number}" for number in range(2, 1003))
    return base if base not in taken else next(handle for handle in candidates if handle not in taken)


def get_title(title_id: UUID) -> Title:
    """Raises NotFoundError. Whoever asks for a person asks `is_visible` too."""
    return _one_title(models.Title.objects.filter(pk=title_id))


def get_title_of_card(card: TitleCard) -> Title:
    """The whole title; its picture is the card's. One query, that notes its access too. Raises NotFoundError."""
    rows = _rows_noted(models.Title.objects.filter(pk=card.id))
    if not rows:
        raise NotFoundError("There is no such title.")
    return titles_from(rows, {row.poster_id: card.poster for row in rows if card.poster})[0]


def get_managed_title(title_id: UUID, person_id: UUID) -> tuple[Title, Role]:
    """A title of a channel whose team `person_id` is in, deleted ones too, and as what. To others it is not found."""
    found = _rows(membership.with_role(models.Title.objects.filter(pk=title_id), person_id))
    if not found or found[0].team_role is None:
        raise NotFoundError("There is no such title.")
    return titles_from(found)[0], role_named(found[0].team_role)


def title_access(title_id: UUID, viewer_id: UUID | None) -> TitleAccess | None:
    """What deciding whether `viewer_id` may see it needs, in one query; None where there never was such a title."""
    return _access(title_id, fetch_rows(TITLE_ACCESS, [title_id]), viewer_id)


def title_access_lately(title_id: UUID, viewer_id: UUID | None) -> TitleAccess | None:
    """The same as it was at most LATELY_S ago, for what is asked again and again of somebody who was let in."""
    return _access(title_id, _lately.get(title_id, lambda: fetch_rows(TITLE_ACCESS, [title_id])), viewer_id)


def _access(title_id: UUID, rows: list[tuple[Any, ...]], viewer_id: UUID | None) -> TitleAccess | None:
    if not rows:
        return None
    [(channel_id, owner_id, asset_id, state, publish_at, playable_at, team)] = rows
    return TitleAccess(
        title_id=title_id,
        channel_id=channel_id,
        owner_id=owner_id,
        asset_id=asset_id,
        state=state,
        publish_at=publish_at,
        playable=playable_at is not None,
        role=_role_of(viewer_id, owner_id, team),
    )


def _role_of(person_id: UUID | None, owner_id: UUID, team: list[str]) -> Role | None:
    """`team` holds a person's id and their role, with a space between."""
    if person_id is None:
        return None
    if person_id == owner_id:
        return Role.CREATOR
    mine = f"{person_id} "
    return next((role_named(each.removeprefix(mine)) for each in team if each.startswith(mine)), None)


def find_title_by_path(handle: str, slug: str) -> Title | None:
    """The title at this address, or that had it before: then its `path` differs, and the web redirects there.

    Its access is noted on the way: `title_access_lately` of it is as fresh as this.
    """
    titles = titles_from(rows_at(handle, slug))
    return titles[0] if titles else None


def rows_at(handle: str, slug: str) -> list[Any]:
    of_channel = models.Title.objects.filter(channel__handle=handle.lower()).exclude(state="deleted")
    return _rows_noted(of_channel.filter(slug=slug)) or _rows_noted(of_channel.filter(old_addresses__slug=slug))


def _rows_noted(found: QuerySet[models.Title, models.Title]) -> list[Any]:
    """The rows, and for `title_access_lately` who may see them: what comes with a title is not asked again."""
    members = models.Member.objects.filter(channel_id=OuterRef("channel_id"))
    team = ArraySubquery(
        members.values_list(Concat(Cast("person_id", TextField()), Value(" "), "role", output_field=TextField()))
    )
    rows = _rows(found.annotate(team=team))
    for row in rows:
        facts = (
            row.channel_id,
            row.channel.owner_id,
            row.asset_id,
            row.state,
            row.publish_at,
            row.playable_at,
            row.team,
        )
        _lately.put(row.id, [facts])
    return rows


def find_title_by_asset(asset_id: UUID) -> Title | None:
    titles = titles_in(models.Title.objects.filter(asset_id=asset_id))
    return titles[0] if titles else None


def list_titles(ids: Iterable[UUID]) -> dict[UUID, Title]:
    """Titles by id, deleted ones too: what was bought keeps its name."""
    return {title.id: title for title in titles_in(models.Title.objects.filter(pk__in=list(ids)[:MAX_LIMIT]))}


def search_all_titles(text: str = "", *, state: State | None = None, limit: int = 50, offset: int = 0) -> list[Title]:
    """For administrators: titles in any state by words, id or channel handle, the newest first."""
    found = models.Title.objects.filter(state=state) if state else models.Title.objects.all()
    if text.strip():
        found = found.filter(_matches(text))
    return titles_in(found.order_by("-created_at")[offset : offset + min(limit, MAX_LIMIT)])


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
    return titles_in(found.order_by(by, "id")[offset : offset + min(limit, MAX_LIMIT)])


def count_titles_of(
    channel_id: UUID,
    *,
    states: Iterable[State] = ("draft", "scheduled", "unlisted", "published"),
    text: str = "",
    category: str = "",
) -> int:
    return _titles_of(channel_id, states, text, category).count()


def list_categories() -> list[Category]:
    return [Category(slug, str(label)) for slug, label in CATEGORIES.items()]


def list_chapters(title_id: UUID) -> list[Chapter]:
    """In their order; there are MAX_CHAPTERS at most."""
    rows = models.Chapter.objects.filter(title_id=title_id).order_by("starts_ms")
    return [Chapter(row.starts_ms, row.name) for row in rows]


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
    query = words_query(text)
    return found.filter(search=query) if query else found


def _matches(text: str) -> Q:
    text = policies.one_line(text)
    try:
        return Q(pk=UUID(text))
    except ValueError:
        query = words_query(text)
        by_handle = Q(channel__handle=text.removeprefix("@").lower()[:MAX_SEARCH_CHARS])
        return by_handle | Q(search=query) if query else by_handle


def _one_channel(found: QuerySet[models.Channel, models.Channel]) -> Channel:
    for channel in _channels(found):
        return channel
    raise NotFoundError("There is no such channel.")


def _channels(found: QuerySet[models.Channel, models.Channel]) -> list[Channel]:
    return channels_from(list(found.defer("search")))


def channels_from(rows: Sequence[models.Channel], pictures: Mapping[UUID, Picture] | None = None) -> list[Channel]:
    """Records of the rows; their pictures are read here unless the caller has them."""
    if pictures is None:
        pictures = media.get_pictures(_pictures_of(rows))
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


def _pictures_of(rows: Iterable[models.Channel]) -> set[UUID]:
    return {pk for row in rows for pk in (row.avatar_id, row.banner_id) if pk}


def _one_title(found: QuerySet[models.Title, models.Title]) -> Title:
    for title in titles_in(found):
        return title
    raise NotFoundError("There is no such title.")


def titles_in(found: QuerySet[models.Title, models.Title]) -> list[Title]:
    """Records of the rows, with their pictures: two queries."""
    return titles_from(_rows(found))


def _rows(found: QuerySet[Any, Any]) -> list[Any]:
    return list(found.select_related("channel").defer("search", "trigrams", "channel__search"))


def titles_from(rows: Sequence[models.Title], pictures: Mapping[UUID, Picture] | None = None) -> list[Title]:
    """Records of the rows; their pictures are read here unless the caller has them."""
    if pictures is None:
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
            trailer_upload_id=row.trailer_upload_id,
            trailer_asset_id=row.trailer_asset_id,
            next_trailer_asset_id=row.next_trailer_asset_id,
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
