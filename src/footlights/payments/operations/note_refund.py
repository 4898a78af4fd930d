"""What the gateway says of a refund."""

from datetime import datetime

from footlights.audit.api import Act
from footlights.kernel import events
from footlights.kernel.ids import parse_id
from footlights.ledger.api import Posting, post_journal, reverse_journal
from footlights.payments import policies
from footlights.payments.adapters.gateway import GivenBack, RefundStatus
from footlights.payments.causes import flagged_refund_cause
from footlights.payments.events import PaymentRefunded, RefundFailed
from footlights.payments.models import PaymentRow, RefundRow
from footlights.payments.operations.story import tell
from footlights.payments.operations.telling import tell_trail
from footlights.payments.records import PaymentState, RefundState

SUSPENSE = "platform:suspense"


def note_refund(payment: PaymentRow, given_back: GivenBack, at: datetime) -> None:
    """Move a refund to where the gateway has it; one that was made at the gateway itself becomes ours.

    Compare-and-set; joins the caller's transaction. Publishes PaymentRefunded or RefundFailed.
    """
    refund = _find_or_adopt(payment, given_back, at)
    if given_back.status is RefundStatus.DONE:
        settle_refund(payment, refund, given_back.ref, at)
    elif given_back.status is RefundStatus.FAILED:
        _fail(payment, refund, at)


def settle_refund(payment: PaymentRow, refund: RefundRow, gateway_ref: str, at: datetime) -> None:
    """The money is gone. Joins the caller's transaction."""
    done = RefundRow.objects.filter(pk=refund.pk, state=RefundState.ASKED).update(
        state=RefundState.DONE, done_at=at, gateway_ref=gateway_ref
    )
    if not done:
        return
    payment.refresh_from_db()
    tell(payment, at, "refunded", f"{refund.amount.format()} went back to the buyer.")
    if payment.state == PaymentState.FLAGGED and refund.amount:
        post_journal(
            cause=flagged_refund_cause(payment.id, refund.id),
            postings=[Posting(SUSPENSE, refund.amount), Posting(f"gateway:{payment.gateway}", -refund.amount)],
            at=at,
            memo="Given back",
        )
    record = payment.to_record()
    if record.refunded == record.charged_amount:
        PaymentRow.objects.filter(pk=payment.pk, state__in=policies.SOURCES[PaymentState.REFUNDED]).update(
            state=PaymentState.REFUNDED, state_at=at
        )
        tell_trail(Act.PAYMENT_SETTLED, payment, state=PaymentState.REFUNDED)
    events.publish(
        PaymentRefunded(
            payment_id=payment.id,
            reference=payment.reference,
            refund_id=refund.id,
            amount=refund.amount,
            refunded=record.refunded,
            charged=record.charged_amount,
            at=at,
        )
    )


def _find_or_adopt(payment: PaymentRow, given_back: GivenBack, at: datetime) -> RefundRow:
    asked = parse_id(given_back.key)
    refund = RefundRow.objects.filter(payment=payment, pk=asked).first() if asked else None
    if refund is None:
        refund, is_new = RefundRow.objects.get_or_create(
            idempotency_key=f"{payment.gateway}:{given_back.ref}",
            defaults={
                "payment": payment,
                "amount_minor": given_back.amount.amount_minor,
                "currency": given_back.amount.currency,
                "gateway_ref": given_back.ref,
                "asked_at": at,
            },
        )
        if is_new:
            tell(payment, at, "refund_asked", f"{refund.amount.format()} was given back at the gateway itself.")
    return refund


def _fail(payment: PaymentRow, refund: RefundRow, at: datetime) -> None:
    was_done = RefundRow.objects.filter(pk=refund.pk, state=RefundState.DONE).update(state=RefundState.FAILED)
    was_asked = RefundRow.objects.filter(pk=refund.pk, state=RefundState.ASKED).update(state=RefundState.FAILED)
    if was_done or was_asked:
        tell(payment, at, "refund_failed", f"{refund.amount.format()} could not be brought to the buyer.")
    if was_done:
        _take_back(payment, refund, at)


def _take_back(payment: PaymentRow, refund: RefundRow, at: datetime) -> None:
    was_flagged = payment.seen_amount_minor is not None
    PaymentRow.objects.filter(pk=payment.pk, state=PaymentState.REFUNDED).update(
        state=PaymentState.FLAGGED if was_flagged else PaymentState.CAPTURED, state_at=at
    )
    if was_flagged:
        cause = flagged_refund_cause(payment.id, refund.id)
        reverse_journal(reversed_cause=cause, cause=f"{cause}:failed", at=at, memo="Came back")
    events.publish(
        RefundFailed(
            payment_id=payment.id, reference=payment.reference, refund_id=refund.id, amount=refund.amount, at=at
        )
    )
