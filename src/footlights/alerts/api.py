"""The door to alerts: look, tell of an engine, list and handle what was found, say where it is sent."""

from footlights.alerts.detectors import Detectors, of_engine
from footlights.alerts.errors import AlertsError, NotDeliveredError
from footlights.alerts.kinds import Kind, Severity
from footlights.alerts.operations.destinations import add_destination, remove_destination, try_destination
from footlights.alerts.operations.handle import acknowledge_alert, end_silence, silence_alerts
from footlights.alerts.operations.note_checks import note_checks
from footlights.alerts.operations.watch import Watch
from footlights.alerts.policies import ENGINE_DOWN_AFTER_S
from footlights.alerts.queries import (
    BANNER_MAX,
    get_alert,
    is_anybody_looking,
    list_alerts,
    list_alerts_for_banner,
    list_checks,
    list_deliveries,
    list_destinations,
    list_failed_deliveries,
    list_silences,
)
from footlights.alerts.records import (
    Alert,
    AlertState,
    Check,
    CheckLevel,
    Delivery,
    Destination,
    Happening,
    Silence,
    Trip,
    What,
)
from footlights.alerts.runbook import RUNBOOK

__all__ = [
    "BANNER_MAX",
    "ENGINE_DOWN_AFTER_S",
    "RUNBOOK",
    "Alert",
    "AlertState",
    "AlertsError",
    "Check",
    "CheckLevel",
    "Delivery",
    "Destination",
    "Detectors",
    "Happening",
    "Kind",
    "NotDeliveredError",
    "Severity",
    "Silence",
    "Trip",
    "Watch",
    "What",
    "acknowledge_alert",
    "add_destination",
    "end_silence",
    "get_alert",
    "is_anybody_looking",
    "list_alerts",
    "list_alerts_for_banner",
    "list_checks",
    "list_deliveries",
    "list_destinations",
    "list_failed_deliveries",
    "list_silences",
    "note_checks",
    "of_engine",
    "remove_destination",
    "silence_alerts",
    "try_destination",
]
