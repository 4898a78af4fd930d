"""What payments and monetization tell us. Each may come twice, late, or in another order than it happened."""

from footlights.giving.models import KINDS
from footlights.giving.operations.close import close, mark_unsettled
from footlights.giving.operations.give_back_tickets import end_tickets
from footlights.giving.operations.note_paid import note_paid
from footlights.giving.operations.note_refund import note_lost_dispute, note_refund, undo_refund
from footlights.kernel.events import subscribe
from footlights.monetization.events import EventOver
from footlights.payments.events import (
    DisputeClosed,
    PaymentCaptured,
    PaymentDeclined,
    PaymentRefunded,
    PaymentUnsettled,
    RefundFailed,
)


@subscribe(PaymentCaptured)
def take_what_was_paid(event: PaymentCaptured) -> None:
    if _is_ours(event.reference):
        note_paid(reference=event.reference, payment_id=event.payment_id, at=event.at)


@subscribe(PaymentDeclined)
def close_what_was_not_paid(event: PaymentDeclined) -> None:
    if _is_ours(event.reference):
        close(reference=event.reference, reason=event.reason)


@subscribe(PaymentUnsettled)
def mark_what_is_unknown(event: PaymentUnsettled) -> None:
    if _is_ours(event.reference):
        mark_unsettled(reference=event.reference, reason=event.reason)


@subscribe(PaymentRefunded)
def take_back_what_was_refunded(event: PaymentRefunded) -> None:
    if _is_ours(event.reference):
        note_refund(
            reference=event.reference,
            payment_id=event.payment_id,
            refund_id=event.refund_id,
            amount=event.amount,
            charged=event.charged,
            is_whole=event.is_whole,
            at=event.at,
        )


@subscribe(RefundFailed)
def give_again_what_came_back(event: RefundFailed) -> None:
    if _is_ours(event.reference):
        undo_refund(reference=event.reference, refund_id=event.refund_id, amount=event.amount, at=event.at)


@subscribe(DisputeClosed)
def take_back_what_was_lost(event: DisputeClosed) -> None:
    if _is_ours(event.reference) and not event.won:
        note_lost_dispute(
            reference=event.reference,
            payment_id=event.payment_id,
            dispute_id=event.dispute_id,
            amount=event.amount,
            at=event.at,
        )


@subscribe(EventOver)
def give_back_what_opens_nothing(event: EventOver) -> None:
    end_tickets(broadcast_id=event.broadcast_id, given_back=event.given_back)


def _is_ours(reference: str) -> bool:
    """Other contexts take payments too; theirs are not ours to handle."""
    return reference.partition(":")[0] in KINDS
