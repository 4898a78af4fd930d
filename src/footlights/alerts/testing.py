"""For tests: alerts and what they are made of."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from footlights.alerts.kinds import Kind
from footlights.alerts.models import AlertRow
from footlights.alerts.operations.destinations import add_destination
from footlights.alerts.operations.handle import silence_alerts
from footlights.alerts.operations.raise_alerts import raise_alerts
from footlights.alerts.records import Alert, Destination, Silence, Trip
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id


def make_alert(
    kind: Kind = Kind.STUFFING, subject: str = "203.0.113.0/24", *, ago: timedelta = timedelta(), **more: Any
) -> Alert:
    """One that was opened `ago`, with its deliveries on their way."""
    words = more.pop("words", "20 different accounts failed to sign in from one network within 10 minutes.")
    trip = Trip(kind, subject, words, more.pop("count", 20), 600, 19, more.pop("facts", {"from": subject}), **more)
    with transaction.atomic():
        raise_alerts([trip], at=now() - ago)
    return AlertRow.objects.get(kind=kind, subject=subject, ended_at=None).to_record()


def make_silence(kind: Kind = Kind.STUFFING, subject: str = "") -> Silence:
    lasts = timedelta(hours=1)
    return silence_alerts(kind=kind, subject=subject, lasts=lasts, reason="planned", by_id=new_id(), at=now())


def make_destination(kind: str = "webhook", url: str = "https://169.254.169.254/never-called") -> Destination:
    return add_destination(kind=kind, name="Night shift", url=url, by_id=new_id(), at=now())[0]
