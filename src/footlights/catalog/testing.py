"""Channels and titles for tests, of this context and of others."""

from itertools import count
from typing import Any
from uuid import UUID

from footlights.accounts.api import Role
from footlights.catalog import collecting, models, queries
from footlights.catalog.records import Channel, Collection, Title
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id

_number = count(1)


def make_channel(owner: Any, *, handle: str = "", name: str = "Lantern Films", description: str = "") -> Channel:
    """A channel of `owner` (a person, or an id)."""
    channel = models.Channel.objects.create(
        owner_id=_id(owner), handle=handle or f"lantern-{next(_number)}", name=name, description=description
    )
    return queries.get_channel(channel.id)


def join_team(channel: Channel, person: Any, role: Role) -> None:
    """Make `person` one of the channel's team, without an invitation."""
    models.Member.objects.create(channel_id=channel.id, person_id=_id(person), role=role)


def make_title(
    channel: Channel, *, state: str = "published", name: str = "A quiet evening", playable: bool = True, **fields: Any
) -> Title:
    """A title, in public and playable unless told otherwise. Its asset exists only if `asset_id` names a real one."""
    at = now()
    asset_id = fields.pop("asset_id", None) or (new_id() if playable else None)
    if state in {"published", "scheduled"}:
        fields.setdefault("publish_at", at)
    if state == "deleted":
        fields = {"deleted_at": at, "state_before_deletion": "published"} | fields
    title = models.Title.objects.create(
        channel_id=channel.id,
        slug=fields.pop("slug", None) or f"title-{next(_number)}",
        name=name,
        state=state,
        asset_id=asset_id,
        playable_at=at if playable else None,
        duration_ms=fields.pop("duration_ms", 60_000),
        **fields,
    )
    return queries.get_title(title.id)


def make_collection(
    channel: Channel,
    *titles: Title,
    kind: str = "season",
    state: str = "published",
    name: str = "Season 1",
    **fields: Any,
) -> Collection:
    """A season of these titles, in public unless told otherwise."""
    row = models.Collection.objects.create(
        channel_id=channel.id, slug=f"collection-{next(_number)}", kind=kind, state=state, name=name, **fields
    )
    models.CollectionTitle.objects.bulk_create(
        models.CollectionTitle(collection=row, title_id=title.id, place=place)
        for place, title in enumerate(titles, start=1)
    )
    return collecting.get_collection(row.pk)


def make_titles(channel: Channel, count: int, **fields: Any) -> None:
    """Many public titles at once, for tests that count queries."""
    at = now()
    models.Title.objects.bulk_create(
        models.Title(
            channel_id=channel.id, slug=f"title-{next(_number)}", name="One of many", asset_id=new_id(),
            **({"state": "published", "publish_at": at, "playable_at": at} | fields),
        )
        for _ in range(count)
    )  # fmt: skip


def _id(owner: Any) -> UUID:
    return owner if isinstance(owner, UUID) else owner.id
