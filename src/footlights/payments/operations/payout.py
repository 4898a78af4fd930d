"""Send earnings to whom they belong."""

import uuid
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act, record
from footlights.kernel import events
from footlights.kernel.errors import IdempotencyConflictError, NotFoundError
from footlights.kernel.money import Money
from footlights.payments import policies
from footlights.payments.adapters.gateway import Transfer, TransferStatus
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.errors import DestinationNotReadyError, GatewayRefusedError, GatewayUnreachableError
from footlights.payments.events import PayoutPaid, PayoutReturned
from footlights.payments.models import PayoutRow
from footlights.payments.operations.note_cost import note_cost_of_sending
from footlights.payments.operations.open_destination import find_destination_row
from footlights.payments.records import DestinationState, Payout, PayoutState

UNDER_WAY = (PayoutState.ASKED, PayoutState.SENT)


def payout(*, reference: str, destination_ref: str, amount: Money, idempotency_key: str, at: datetime) -> Payout:
    """Ask the gateway to send it, once for each key and each reference. Call outside a transaction.

    It is written down before the gateway hears of it; when no answer comes, the sweep asks what became of it. Books
    what sending costs; the rest does whoever owes the money. Raises NotFoundError, DestinationNotReadyError,
    IdempotencyConflictError. Publishes PayoutPaid and PayoutReturned, now or later.
    """
    row = _write_down(reference, destination_ref, amount, idempotency_key, at)
    return _ask(row, at) if row.state == PayoutState.ASKED else row.to_record()


def settle_payout(*, payout_id: uuid.UUID, at: datetime) -> Payout:
    """Ask the gateway what became of it, or ask for it again. Call outside a transaction. Raises NotFoundError."""
    row = PayoutRow.objects.select_related("destination").filter(pk=payout_id).first()
    if row is None:
        raise NotFoundError("There is no such payout.")
    return _ask(row, at)


def record_transfer(*, payout_id: uuid.UUID, transfer: Transfer, at: datetime) -> None:
    """Apply what was just fetched: each move a compare-and-set in one transaction; safe to repeat."""
    with transaction.atomic():
        row = PayoutRow.objects.get(pk=payout_id)
        due = policies.next_check_at(checks=row.checks, at=at)
        PayoutRow.objects.filter(pk=payout_id, state__in=UNDER_WAY).update(
            gateway_ref=transfer.ref, next_check_at=due, checks=row.checks + 1
        )
        if transfer.cost:
            note_cost_of_sending(row, transfer.cost, at)
        if transfer.status is TransferStatus.PENDING:
            _move(row, PayoutState.SENT, (PayoutState.ASKED,), at)
        else:
            _settle(row, transfer, at)


def _settle(row: PayoutRow, transfer: Transfer, at: datetime) -> None:
    told: dict[str, Any] = {
        "payout_id": row.id,
        "reference": row.reference,
        "amount": row.amount,
        "gateway": row.gateway,
        "at": at,
    }
    if transfer.status is TransferStatus.PAID:
        if _move(row, PayoutState.PAID, UNDER_WAY, at):
            events.publish(PayoutPaid(**told))
        return
    for source in (*UNDER_WAY, PayoutState.PAID):
        if _move(row, PayoutState.RETURNED, (source,), at, reason=transfer.reason):
            was_paid = source is PayoutState.PAID
            events.publish(PayoutReturned(reason=transfer.reason, was_paid=was_paid, **told))


def _move(row: PayoutRow, to: PayoutState, sources: tuple[PayoutState, ...], at: datetime, reason: str = "") -> bool:
    moved = PayoutRow.objects.filter(pk=row.pk, state__in=sources).update(
        state=to, state_at=at, reason=reason, **({} if to is PayoutState.SENT else {"next_check_at": None})
    )
    if moved:
        record(
            act=Act.PAYOUT_SETTLED,
            object_kind="payout",
            object_id=row.pk,
            after={"state": to, "reference": row.reference},
        )
    return bool(moved)


def _ask(row: PayoutRow, at: datetime) -> Payout:
    try:
        transfer = _truth(row, at)
    except (GatewayUnreachableError, GatewayRefusedError):  # it does not tell what it knew: nothing follows from that
        due = policies.next_check_at(checks=row.checks, at=at)
        PayoutRow.objects.filter(pk=row.pk, state__in=UNDER_WAY).update(next_check_at=due, checks=row.checks + 1)
    else:
        record_transfer(payout_id=row.id, transfer=transfer, at=at)
    row.refresh_from_db()
    return row.to_record()


def _truth(row: PayoutRow, at: datetime) -> Transfer:
    """Where the gateway has it, or takes it now. What was asked for before is looked for before it is sent."""
    gateway, asked = gateway_named(row.gateway), {"reference": str(row.id), "account_ref": row.destination.gateway_ref}
    if row.gateway_ref:
        return gateway.fetch_transfer(ref=row.gateway_ref, account_ref=asked["account_ref"])
    if (row.checks or at > row.asked_at) and (found := gateway.find_transfer(**asked, asked_at=row.asked_at)):
        return found
    try:
        return gateway.send(**asked, amount=row.amount)
    except GatewayRefusedError as error:
        return Transfer("", asked["reference"], TransferStatus.RETURNED, row.amount, str(error))


def _write_down(reference: str, destination_ref: str, amount: Money, idempotency_key: str, at: datetime) -> PayoutRow:
    destination = find_destination_row(destination_ref)
    if destination.state != DestinationState.READY:
        raise DestinationNotReadyError(_("The payment service does not know yet where to send this."))
    asked = {
        "reference": reference,
        "destination_id": destination.pk,
        "amount_minor": amount.amount_minor,
        "currency": amount.currency,
    }
    try:
        with transaction.atomic(durable=True):
            row, is_new = PayoutRow.objects.select_related("destination").get_or_create(
                idempotency_key=idempotency_key,
                defaults={
                    **asked,
                    "gateway": destination.gateway,
                    "asked_at": at,
                    "state_at": at,
                    "next_check_at": policies.next_check_at(checks=0, at=at),
                },
            )
            if is_new:
                after = {"reference": reference, "amount": f"{amount.decimal} {amount.currency}"}
                record(act=Act.PAYOUT_ASKED, object_kind="payout", object_id=row.pk, after=after)
    except IntegrityError as error:
        raise IdempotencyConflictError(f"“{reference}” was asked for before, with another key.") from error
    if any(getattr(row, field) != value for field, value in asked.items()):
        raise IdempotencyConflictError("This payout was asked for before, for something else.")
    return row
