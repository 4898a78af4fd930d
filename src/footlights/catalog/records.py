"""What leaves this context: frozen records. Models never cross."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypedDict
from uuid import UUID

from footlights.accounts.api import HELD, Permission, Role
from footlights.media.api import Picture

State = Literal["draft", "scheduled", "unlisted", "published", "deleted"]
Maturity = Literal["all", "teen", "mature"]
Kind = Literal["video", "audio"]
CollectionKind = Literal["collection", "season"]
CollectionState = Literal["draft", "published", "deleted"]


@dataclass(frozen=True, slots=True)
class Channel:
    id: UUID
    owner_id: UUID
    handle: str
    name: str
    description: str
    avatar: Picture | None
    banner: Picture | None
    created_at: datetime

    @property
    def path(self) -> str:
        return f"/@{self.handle}"


@dataclass(frozen=True, slots=True)
class Followed:
    """A channel somebody follows, and since when."""

    channel: Channel
    since: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """One channel somebody works on: their own, or one whose team they are in."""

    channel: Channel
    role: Role


@dataclass(frozen=True, slots=True)
class TeamMember:
    person_id: UUID
    role: Role
    since: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """An offer to join a team that may still be taken up. `address` is where it went: show it to few."""

    id: UUID
    channel_id: UUID
    channel_name: str
    role: Role
    address: str
    invited_by: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Title:
    """One work. `asset_id` is what plays now; `next_asset_id` replaces it as soon as it can play.

    `trailer_asset_id` always plays: a trailer on its way is in `trailer_upload_id` and `next_trailer_asset_id`.
    """

    id: UUID
    channel_id: UUID
    channel_handle: str
    channel_name: str
    owner_id: UUID
    slug: str
    name: str
    description: str
    language: str
    category: str
    tags: list[str]
    maturity: Maturity
    state: State
    publish_at: datetime | None
    deleted_at: datetime | None
    upload_id: UUID | None
    asset_id: UUID | None
    next_asset_id: UUID | None
    trailer_upload_id: UUID | None
    trailer_asset_id: UUID | None
    next_trailer_asset_id: UUID | None
    playable: bool
    kind: Kind
    duration_ms: int
    poster: Picture | None
    credit: str
    created_at: datetime
    updated_at: datetime

    @property
    def path(self) -> str:
        return f"/@{self.channel_handle}/{self.slug}"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a title, from `starts_ms` of its playing time until the next begins."""

    starts_ms: int
    name: str


@dataclass(frozen=True, slots=True)
class TitleAccess:
    """As little of a title as deciding who may see it needs: one query, no pictures."""

    title_id: UUID
    channel_id: UUID
    owner_id: UUID
    asset_id: UUID | None
    state: State
    publish_at: datetime | None
    playable: bool
    role: Role | None  # the viewer's, on its channel

    @property
    def is_manager(self) -> bool:
        """Whether the viewer is of the channel's team, or its owner."""
        return self.role is not None

    def may(self, permission: Permission) -> bool:
        return self.role is not None and permission in HELD[self.role]


@dataclass(frozen=True, slots=True)
class TitleCard:
    """What a poster card shows."""

    id: UUID
    path: str
    name: str
    channel_name: str
    channel_handle: str
    poster: Picture | None
    duration_ms: int
    kind: Kind
    maturity: Maturity
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Collection:
    """Titles of a channel in an order. `poster` is that of the first of them that has one.

    A season may name its `series`, which other seasons share, and its `number` among them.
    """

    id: UUID
    channel_id: UUID
    channel_handle: str
    channel_name: str
    owner_id: UUID
    slug: str
    kind: CollectionKind
    name: str
    series: str
    number: int | None
    description: str
    state: CollectionState
    poster: Picture | None
    created_at: datetime
    updated_at: datetime

    @property
    def path(self) -> str:
        return f"/@{self.channel_handle}/collections/{self.slug}"

    @property
    def is_season(self) -> bool:
        return self.kind == "season"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a title stands: the collection, and the how-manieth of it, from 1."""

    collection: Collection
    place: int


@dataclass(frozen=True, slots=True)
class Episode:
    """A title of a collection, and the how-manieth it is."""

    place: int
    title: Title


@dataclass(frozen=True, slots=True)
class Address:
    """A page everybody may find."""

    path: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Category:
    slug: str
    label: str


@dataclass(frozen=True, slots=True)
class Language:
    tag: str
    label: str


class TitleChanges(TypedDict, total=False):
    """What edit_title may change; what is left out stays."""

    name: str
    slug: str
    description: str
    language: str
    category: str
    tags: list[str]
    maturity: str
    poster_id: UUID | None
    credit: str


class BulkChanges(TypedDict, total=False):
    """What may change on many titles at once."""

    category: str
    language: str
    maturity: str
    add_tags: list[str]


class ChannelChanges(TypedDict, total=False):
    name: str
    description: str
    avatar_id: UUID | None
    banner_id: UUID | None


class CollectionChanges(TypedDict, total=False):
    """What edit_collection may change; what is left out stays."""

    name: str
    series: str
    number: int | None
    description: str
