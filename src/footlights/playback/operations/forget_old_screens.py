from datetime import datetime

from footlights.playback.models import Screen
from footlights.playback.policies import SCREENS_KEPT_FOR

BATCH = 5_000


def forget_old_screens(*, at: datetime) -> int:
    """Delete a batch of the screens nobody used for ninety days; how many went. Views and progress stay. Repeatable."""
    old = Screen.objects.filter(last_beat_at__lt=at - SCREENS_KEPT_FOR).order_by("last_beat_at").values("id")[:BATCH]
    deleted, _ = Screen.objects.filter(id__in=old).delete()
    return deleted
