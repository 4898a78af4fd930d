"""Facts of the catalog that others may react to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TitlePublished:
    """A title can be found and played by everybody for the first time. Told once in a title's life."""

    title_id: UUID
    channel_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class TitlePlayable:
    """A title's film plays for the first time, for whoever may see it."""

    title_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class FileReplaced:
    """From now on a title plays, or will play, another file than it did."""

    title_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class TitleDeleted:
    """A title went away. It may come back for 30 days, so keep what belongs to it."""

    title_id: UUID
    channel_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class CollectionGrew:
    """A title came into a collection."""

    collection_id: UUID
    at: datetime
