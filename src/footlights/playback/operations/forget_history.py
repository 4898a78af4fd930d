from uuid import UUID

from django.db import transaction

from footlights.monetization.api import keep_watched
from footlights.playback.models import Screen, WatchProgress


def forget_history(*, viewer_id: UUID, title_id: UUID | None = None) -> None:
    """Forget what a person watched: one title, or everything. Views stay counted, without saying whose. Repeatable.

    With what they bought stays how much of it they watched, as a refund depends on that.
    """
    only = {"title_id": title_id} if title_id else {}
    with transaction.atomic():
        seen = WatchProgress.objects.filter(viewer_id=viewer_id, **only)
        keep_watched(viewer_id=viewer_id, percents={row.title_id: row.percent for row in seen})
        WatchProgress.objects.filter(viewer_id=viewer_id, **only).delete()
        Screen.objects.filter(viewer_id=viewer_id, ended_at__isnull=False, **only).delete()
