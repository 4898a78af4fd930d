"""For tests: alerts and what they are made of."""

from datetime import timedelta
from typing import Any

from footlights.alerts.kinds import Kind
from footlights.alerts.models import AlertRow
from footlights.alerts.operations.raise_alerts import raise_alerts
from footlights.alerts.records import Alert, Trip
from footlights.kernel.clock import now


def make_alert(
    kind: Kind = Kind.STUFFING, subject: str = "203.0.113.0/24", *, ago: timedelta = timedelta(), **more: Any
) -> Alert:
    """One that was opened `ago`, with its deliveries on their way."""
    words = more.pop("words", "20 different accounts failed to sign in from one network within 10 minutes.")
    trip = Trip(kind, subject, words, more.pop("count", 20), 600, 19, more.pop("facts", {"from": subject}), **more)
    raise_alerts([trip], at=now() - ago)
    return AlertRow.objects.get(kind=kind, subject=subject, ended_at=None).to_record()
