"""The house's own pages."""

from footlights.accounts.api import Permission
from footlights.web.rules.needs import TO_SEE, TO_SEND, Surface

BACKOFFICE = Surface(
    needs={
        # Backoffice
        "backoffice:home": Permission.SEE_BACKOFFICE,
        "backoffice:search": Permission.SEE_BACKOFFICE,
        "backoffice:settings": Permission.NAME_SERVICE,
        "backoffice:people": Permission.SEE_PEOPLE,
        "backoffice:person": Permission.SEE_PEOPLE,
        "backoffice:role_given": Permission.GIVE_ROLES,
        "backoffice:role_taken": Permission.GIVE_ROLES,
        "backoffice:titles": Permission.SEE_ALL_TITLES,
        "backoffice:title": Permission.SEE_ALL_TITLES,
        "backoffice:title_as": Permission.VIEW_AS,
        "backoffice:title_retry": Permission.RUN_JOBS,
        "backoffice:payments": Permission.SEE_PAYMENTS,
        "backoffice:payment": Permission.SEE_PAYMENTS,
        "backoffice:refund": Permission.REFUND_PAYMENTS,
        "backoffice:trail": Permission.SEE_TRAIL,
        "backoffice:trail_export": Permission.SEE_TRAIL,
        "backoffice:trail_record": Permission.SEE_TRAIL,
        "backoffice:alerts": Permission.HANDLE_ALERTS,
        "backoffice:alerts_banner": Permission.HANDLE_ALERTS,
        "backoffice:alerts_runbook": Permission.HANDLE_ALERTS,
        "backoffice:alert": Permission.HANDLE_ALERTS,
        "backoffice:alert_acknowledge": Permission.HANDLE_ALERTS,
        "backoffice:alert_silence": Permission.HANDLE_ALERTS,
        "backoffice:alert_silence_end": Permission.HANDLE_ALERTS,
        "backoffice:alert_destinations": Permission.CHANGE_SETTINGS,
        "backoffice:alert_destination_try": Permission.CHANGE_SETTINGS,
        "backoffice:alert_destination_remove": Permission.CHANGE_SETTINGS,
        "backoffice:jobs": Permission.RUN_JOBS,
        "backoffice:job": Permission.RUN_JOBS,
        "backoffice:job_retry": Permission.RUN_JOBS,
        "backoffice:job_cancel": Permission.RUN_JOBS,
    },
    proven={
        "backoffice:person": TO_SEE,
        "backoffice:role_given": TO_SEND,
        "backoffice:role_taken": TO_SEND,
        "backoffice:refund": TO_SEND,
        "backoffice:trail_export": TO_SEND,
        "backoffice:trail_record": TO_SEE,
        "backoffice:settings": TO_SEND,
        "backoffice:alert_silence": TO_SEND,
        "backoffice:alert_destinations": TO_SEND,
        "backoffice:alert_destination_try": TO_SEND,
        "backoffice:alert_destination_remove": TO_SEND,
    },
)
