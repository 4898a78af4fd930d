"""How long people watched, by title and UTC day: by what the pass is shared."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import TruncDate

from footlights.playback.models import Screen
from footlights.subscriptions.api import Watched, register_watch_time

MS_A_SECOND = 1_000


def watched(viewer_ids: Sequence[UUID], from_day: date, until_day: date) -> Iterable[Watched]:
    """Played time, counted to the day on which each sitting began. Screens are kept for ninety days."""
    start, end = (datetime.combine(day, time.min, UTC) for day in (from_day, until_day))
    rows = Screen.objects.filter(viewer_id__in=viewer_ids, started_at__gte=start, started_at__lt=end)
    sums = rows.values_list("viewer_id", "title_id", TruncDate("started_at", tzinfo=UTC)).annotate(ms=Sum("watched_ms"))
    return [Watched(viewer, title, day, ms // MS_A_SECOND) for viewer, title, day, ms in sums if viewer]


register_watch_time(watched)
