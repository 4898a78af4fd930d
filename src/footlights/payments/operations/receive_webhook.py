"""Take in what a gateway tells us."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from footlights.kernel.ids import parse_id
from footlights.payments.adapters.gateway import Account, Checkout, Contest, Setup, Transfer, Truth
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.models import DestinationRow, GatewayEvent, PaymentRow, PayoutRow, SetupRow
from footlights.payments.operations.open_destination import record_destination
from footlights.payments.operations.open_method_setup import record_setup
from footlights.payments.operations.payout import record_transfer
from footlights.payments.operations.record_dispute import record_dispute
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
    """Fetch the truth behind a kept event and record it. Call outside a transaction; safe to repeat.

    Raises GatewayUnreachableError, for the job to try again.
    """
    event = GatewayEvent.objects.get(pk=event_id)
    truth = gateway_named(event.gateway).fetch_event(event.event_id)
    if truth:
        _RECORD[type(truth)](event, truth, at)
    GatewayEvent.objects.filter(pk=event_id).update(handled_at=at)


def _record_payment(event: GatewayEvent, checkout: Checkout, at: datetime) -> None:
    ours = parse_id(checkout.reference)
    payment = PaymentRow.objects.filter(gateway=event.gateway, pk=ours).first() if ours else None
    if payment:
        tell(payment, at, "webhook", f"A webhook arrived. Asked the gateway: {checkout.status}.")
        record_truth(payment_id=payment.id, checkout=checkout, at=at)


def _record_setup(event: GatewayEvent, setup: Setup, at: datetime) -> None:
    ours = parse_id(setup.reference)
    if ours and SetupRow.objects.filter(gateway=event.gateway, pk=ours).exists():
        record_setup(setup_id=ours, truth=setup, at=at)


def _record_dispute(event: GatewayEvent, contest: Contest, at: datetime) -> None:
    record_dispute(gateway=event.gateway, contest=contest, at=at)


def _record_destination(event: GatewayEvent, account: Account, at: datetime) -> None:
    ours = parse_id(account.reference)
    row = DestinationRow.objects.filter(gateway=event.gateway, pk=ours).first() if ours else None
    if row:
        record_destination(row, account, at)


def _record_payout(event: GatewayEvent, transfer: Transfer, at: datetime) -> None:
    ours = parse_id(transfer.reference)
    if ours and PayoutRow.objects.filter(gateway=event.gateway, pk=ours).exists():
        record_transfer(payout_id=ours, transfer=transfer, at=at)


_RECORD: dict[type[Truth], Callable[[GatewayEvent, Any, datetime], None]] = {
    Checkout: _record_payment,
    Setup: _record_setup,
    Contest: _record_dispute,
    Account: _record_destination,
    Transfer: _record_payout,
}
