from footlights.kernel.errors import FootlightsError


class AlertsError(FootlightsError):
    code = "alerts"


class NotDeliveredError(AlertsError):
    """The receiver did not take it. It is tried again for some hours, then given up; the alert's page says so."""

    code = "not_delivered"
