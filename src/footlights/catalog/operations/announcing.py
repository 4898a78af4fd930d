"""Telling the world once that a title is out."""

from datetime import datetime

from footlights.catalog import models, policies
from footlights.catalog.events import TitlePublished
from footlights.kernel import events


def announce_if_out(title: models.Title, *, at: datetime) -> bool:
    """Publish TitlePublished when the title can be found and played, once in its life. Inside the caller's transaction.

    Compare-and-set on `announced_at`: of two who notice it at the same time, one tells.
    """
    if title.playable_at is None or not policies.is_out(title.state, title.publish_at, at):
        return False
    told = models.Title.objects.filter(pk=title.pk, announced_at__isnull=True).update(announced_at=at)
    if told:
        events.publish(TitlePublished(title_id=title.pk, channel_id=title.channel_id, at=at))
    return bool(told)
