"""What payments tell us. Each may come twice, late, or in another order than it happened."""

import uuid
from collections.abc import Collection, Iterable

from django.db.models import Q

from footlights.kernel.events import subscribe
from footlights.payments.api import names_in_books
from footlights.payments.events import (
    DisputeClosed,
    DisputeOpened,
    MethodSaved,
    PaymentCaptured,
    PaymentDeclined,
    PaymentRefunded,
    RefundFailed,
)
from footlights.subscriptions.models import AttemptRow
from footlights.subscriptions.operations.begin_trial import note_method
from footlights.subscriptions.operations.hold_disputed import fit_to_disputes
from footlights.subscriptions.operations.note_declined import note_declined
from footlights.subscriptions.operations.note_paid import note_paid
from footlights.subscriptions.operations.note_refunded import note_lost_dispute, note_refund_failed, note_refunded
from footlights.subscriptions.records import AttemptState


@subscribe(PaymentCaptured)
def let_in_who_paid(event: PaymentCaptured) -> None:
    if attempt_id := _attempt_of(event.reference):
        note_paid(attempt_id=attempt_id, payment_id=event.payment_id, at=event.at)


@subscribe(PaymentDeclined)
def try_again_later(event: PaymentDeclined) -> None:
    if attempt_id := _attempt_of(event.reference):
        note_declined(attempt_id=attempt_id, reason=event.reason, at=event.at)


@subscribe(PaymentRefunded)
def take_back_what_went_back(event: PaymentRefunded) -> None:
    if attempt_id := _attempt_of(event.reference):
        note_refunded(attempt_id=attempt_id, event=event)


@subscribe(RefundFailed)
def keep_what_came_back(event: RefundFailed) -> None:
    if attempt_id := _attempt_of(event.reference):
        note_refund_failed(attempt_id=attempt_id, event=event)


@subscribe(DisputeOpened)
def hold_what_is_disputed(event: DisputeOpened) -> None:
    if attempt_id := _attempt_of(event.reference):
        fit_to_disputes(attempt_id=attempt_id, payment_id=event.payment_id, at=event.at)


@subscribe(DisputeClosed)
def let_go_what_was_decided(event: DisputeClosed) -> None:
    if (attempt_id := _attempt_of(event.reference)) and event.won:
        fit_to_disputes(attempt_id=attempt_id, payment_id=event.payment_id, at=event.at)


@subscribe(DisputeClosed)
def take_back_what_was_lost(event: DisputeClosed) -> None:
    attempt_id = _attempt_of(event.reference)
    if attempt_id and not event.won:
        note_lost_dispute(attempt_id=attempt_id, event=event)


@subscribe(MethodSaved)
def use_the_new_card(event: MethodSaved) -> None:
    note_method(payer_id=event.payer_id, at=event.at)


@names_in_books("invoice")
def periods(ids: Collection[uuid.UUID]) -> Iterable[tuple[uuid.UUID, uuid.UUID]]:
    """A payment's reference names the attempt; what it paid is booked as the period. The paid attempt is last."""
    rows = AttemptRow.objects.filter(Q(pk__in=ids) | Q(invoice_id__in=ids)).values_list("pk", "invoice_id", "state")
    return [(pk, invoice_id) for pk, invoice_id, _state in sorted(rows, key=lambda row: row[2] == AttemptState.PAID)]


def _attempt_of(reference: str) -> uuid.UUID | None:
    """Other contexts take payments too; theirs are not ours to handle."""
    kind, _, identifier = reference.partition(":")
    return uuid.UUID(identifier) if kind == "invoice" else None
