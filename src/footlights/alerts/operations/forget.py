"""Alerts and counts that nobody needs any more."""

from datetime import datetime, timedelta

from django.db import transaction

from footlights.alerts import policies
from footlights.alerts.models import AlertRow, HourRow, SilenceRow

ALERTS_KEPT = timedelta(days=400)
HOURS_KEPT = (policies.WEEKS_COMPARED + 1) * 168


@transaction.atomic
def forget_old(*, at: datetime) -> None:
    """Repeatable. What happened stays in the trail as long as that is kept."""
    AlertRow.objects.filter(ended_at__lt=at - ALERTS_KEPT).delete()
    SilenceRow.objects.filter(until__lt=at - ALERTS_KEPT).delete()
    HourRow.objects.filter(hour__lt=int(at.timestamp() // policies.HOUR) - HOURS_KEPT).delete()
