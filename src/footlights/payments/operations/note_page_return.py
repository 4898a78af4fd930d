"""Somebody came back from a page on which nothing is paid."""

import uuid
from datetime import datetime, timedelta

from footlights.payments.errors import GatewayRefusedError, GatewayUnreachableError
from footlights.payments.models import DestinationRow, SetupRow
from footlights.payments.operations.open_destination import settle_destination
from footlights.payments.operations.open_method_setup import settle_method_setup
from footlights.payments.records import Destination, DestinationState, SetupState

WITHIN = timedelta(days=1)


def note_setup_return(*, payer_id: uuid.UUID, at: datetime) -> bool:
    """Ask at once what became of their newest page; whether a way of paying is kept by it. Call outside a transaction.

    When the gateway does not answer now, its webhook or a job tells.
    """
    newest = SetupRow.objects.filter(payer_id=payer_id, created_at__gte=at - WITHIN).order_by("-created_at").first()
    if newest is None:
        return False
    try:
        return settle_method_setup(setup_id=newest.pk, at=at).state is SetupState.SAVED
    except (GatewayUnreachableError, GatewayRefusedError):
        return False


def note_destination_return(*, reference: str, at: datetime) -> Destination | None:
    """The same of where earnings shall go: what was chosen, once the gateway knows all it needs."""
    asked = DestinationRow.objects.filter(reference=reference, created_at__gte=at - WITHIN)
    newest = asked.order_by("-created_at").first()
    if newest is None:
        return None
    try:
        chosen = settle_destination(destination_ref=str(newest.pk), at=at)
    except (GatewayUnreachableError, GatewayRefusedError):
        return None
    return chosen if chosen.state is DestinationState.READY else None
