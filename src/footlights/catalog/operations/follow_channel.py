from datetime import datetime
from uuid import UUID

from footlights.catalog import models
from footlights.catalog.queries import get_channel


def follow_channel(*, channel_id: UUID, person_id: UUID, at: datetime) -> None:
    """This person follows it from now on. Safe to repeat. Raises NotFoundError."""
    channel = get_channel(channel_id)
    models.Follower.objects.get_or_create(channel_id=channel.id, person_id=person_id, defaults={"since": at})


def unfollow_channel(*, channel_id: UUID, person_id: UUID) -> None:
    """Not any more. Safe to repeat."""
    models.Follower.objects.filter(channel_id=channel_id, person_id=person_id).delete()
