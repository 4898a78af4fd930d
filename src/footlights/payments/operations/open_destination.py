"""Let somebody say where their earnings go."""

from datetime import datetime

from django.db import transaction

from footlights.kernel import events
from footlights.kernel.errors import IdempotencyConflictError, NotFoundError
from footlights.kernel.ids import parse_id
from footlights.payments import policies
from footlights.payments.adapters.gateway import Account
from footlights.payments.adapters.registry import default_gateway, gateway_named
from footlights.payments.events import DestinationReady
from footlights.payments.models import DestinationRow
from footlights.payments.records import Destination, DestinationState


def open_destination(*, reference: str, return_path: str, idempotency_key: str, at: datetime) -> Destination:
    """Open the gateway's page for it. Call outside a transaction; the same key is the same destination.

    As a gateway's page may be good for some minutes only, repeat this whenever its holder wants to go there. Raises
    GatewayUnreachableError, IdempotencyConflictError when the key is another's. DestinationReady tells the rest;
    when no webhook does, jobs ask.
    """
    from footlights.payments.jobs import settle_payee  # noqa: PLC0415  jobs.py imports the operations

    row, _ = DestinationRow.objects.get_or_create(
        idempotency_key=idempotency_key,
        defaults={
            "reference": reference,
            "return_path": return_path,
            "gateway": default_gateway().name,
            "created_at": at,
        },
    )
    if row.reference != reference:
        raise IdempotencyConflictError("This destination was opened before, for somebody else.")
    account = gateway_named(row.gateway).open_account(
        reference=str(row.id), ref=row.gateway_ref, return_path=row.return_path
    )
    with transaction.atomic():
        for after in policies.ASK_ABOUT_PAGES_AFTER:
            settle_payee.configure(schedule_at=at + after).defer(destination_id=str(row.id))
        return record_destination(row, account, at)


def settle_destination(*, destination_ref: str, at: datetime) -> Destination:
    """Ask the gateway whether it is ready: for when its holder comes back. Call outside a transaction.

    Raises NotFoundError, GatewayUnreachableError.
    """
    row = find_destination_row(destination_ref)
    if not row.gateway_ref:
        return row.to_record()
    return record_destination(row, gateway_named(row.gateway).fetch_account(row.gateway_ref), at)


def find_destination_row(destination_ref: str) -> DestinationRow:
    """Raises NotFoundError."""
    ours = parse_id(destination_ref)
    row = DestinationRow.objects.filter(pk=ours).first() if ours else None
    if row is None:
        raise NotFoundError("There is no such destination.")
    return row


def record_destination(row: DestinationRow, account: Account, at: datetime) -> Destination:
    """Apply what was just fetched: compare-and-set; safe to repeat. Publishes DestinationReady, once."""
    with transaction.atomic():
        known = DestinationRow.objects.filter(pk=row.pk)
        known.update(gateway_ref=account.ref, label=account.label)
        if account.hosted_url:
            known.update(hosted_url=account.hosted_url)
        if account.is_ready:
            if known.exclude(state=DestinationState.READY).update(state=DestinationState.READY):
                events.publish(
                    DestinationReady(destination_ref=str(row.pk), reference=row.reference, label=account.label, at=at)
                )
        else:
            known.update(state=DestinationState.OPEN)
    row.refresh_from_db()
    return row.to_record()
