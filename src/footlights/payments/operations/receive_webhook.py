"""Take in what a gateway tells us."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from footlights.payments.adapters.registry import gateway_named
from footlights.payments.models import GatewayEvent, PaymentRow
from footlights.payments.operations.record_truth import record_truth
from footlights.payments.operations.story import tell


def receive_webhook(*, gateway: str, headers: Mapping[str, str], body: bytes, at: datetime) -> bool:
    """Keep a genuine webhook's event id, once, and let a job look into it. Returns whether it was new.

    Raises WebhookRefusedError (nothing is kept) and NotFoundError for a gateway we do not have.
    """
    from footlights.payments.jobs import handle_event  # noqa: PLC0415  jobs.py imports this module

    lowered = {name.lower(): value for name, value in headers.items()}
    event_id = gateway_named(gateway).verify_webhook(headers=lowered, body=body, at=at)
    with transaction.atomic():
        event, is_new = GatewayEvent.objects.get_or_create(
            gateway=gateway, event_id=event_id, defaults={"received_at": at}
        )
        if is_new:
            handle_event.defer(event_id=event.pk)
    return is_new


def handle_gateway_event(*, event_id: int, at: datetime) -> None:
    """Fetch the truth behind a kept event and move its payment there. Call outside a transaction; safe to repeat.

    Raises GatewayUnreachableError, for the job to try again.
    """
    event = GatewayEvent.objects.get(pk=event_id)
    checkout = gateway_named(event.gateway).fetch_event(event.event_id)
    payment = PaymentRow.objects.filter(gateway=event.gateway, pk=checkout.reference).first()
    if payment:
        tell(payment, at, "webhook", f"Webhook {event.event_id} arrived. Asked the gateway: {checkout.status}.")
        record_truth(payment_id=payment.id, checkout=checkout, at=at)
    GatewayEvent.objects.filter(pk=event_id).update(handled_at=at)
