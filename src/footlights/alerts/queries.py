"""Bounded reads of alerts, newest first."""

from datetime import datetime, timedelta
from uuid import UUID

from footlights.alerts.models import AlertRow, CheckRow, DeliveryRow, DestinationRow, SilenceRow, WatchRow
from footlights.alerts.records import Alert, AlertState, Check, Delivery, Destination, Silence
from footlights.kernel.errors import NotFoundError

BANNER_MAX = 3
CHECKS_MAX = 500
BLIND_AFTER = timedelta(seconds=60)


def list_alerts(*, state: str = "", limit: int, offset: int = 0) -> list[Alert]:
    """One page; `state` is one of AlertState."""
    found = AlertRow.objects.order_by("-opened_at", "-id")
    if state == AlertState.OPEN:
        found = found.filter(acknowledged_at=None, ended_at=None)
    elif state == AlertState.ACKNOWLEDGED:
        found = found.exclude(acknowledged_at=None)
    elif state == AlertState.OVER:
        found = found.filter(acknowledged_at=None).exclude(ended_at=None)
    return [row.to_record() for row in found[offset : offset + limit]]


def list_alerts_for_banner() -> list[Alert]:
    """What nobody has looked after yet and nobody silenced."""
    rows = AlertRow.objects.filter(acknowledged_at=None, ended_at=None, is_silenced=False).order_by("-opened_at")
    return [row.to_record() for row in rows[: BANNER_MAX + 1]]


def get_alert(alert_id: UUID) -> Alert:
    """Raises NotFoundError."""
    row = AlertRow.objects.filter(pk=alert_id).first()
    if row is None:
        raise NotFoundError("There is no such alert.")
    return row.to_record()


def list_deliveries(alert_id: UUID) -> list[Delivery]:
    rows = DeliveryRow.objects.filter(alert_id=alert_id).order_by("-is_mail", "to", "id")
    return [row.to_record() for row in rows[:50]]


def list_failed_deliveries(*, since: datetime, limit: int = 20) -> list[Delivery]:
    """Those that were given up, or are being tried again."""
    rows = DeliveryRow.objects.filter(alert__opened_at__gte=since).exclude(problem="").exclude(state="delivered")
    return [row.to_record() for row in rows.order_by("-alert__opened_at")[:limit]]


def list_silences(*, at: datetime) -> list[Silence]:
    """Those that last."""
    return [row.to_record() for row in SilenceRow.objects.filter(until__gt=at).order_by("until")[:100]]


def list_destinations() -> list[Destination]:
    return [row.to_record() for row in DestinationRow.objects.order_by("made_at")]


def list_checks() -> list[Check]:
    """What the last check of each machine saw, in its order."""
    return [row.to_record() for row in CheckRow.objects.order_by("machine", "place")[:CHECKS_MAX]]


def is_anybody_looking(*, at: datetime) -> bool:
    """Whether a process has looked for alerts just now: without one, silence means nothing."""
    return WatchRow.objects.filter(looked_at__gte=at - BLIND_AFTER).exists()
