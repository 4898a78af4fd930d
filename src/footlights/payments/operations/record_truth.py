"""Move a payment to where the gateway says it is."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.kernel import events
from footlights.ledger.api import Posting, post_journal, reverse_journal
from footlights.payments import policies
from footlights.payments.adapters.gateway import Checkout
from footlights.payments.causes import flagged_cause, flagged_refund_cause
from footlights.payments.events import PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentUnsettled
from footlights.payments.models import PaymentRow, Refund
from footlights.payments.operations.story import tell
from footlights.payments.operations.telling import tell_trail
from footlights.payments.records import PaymentState as State

SUSPENSE = "platform:suspense"  # money that came but belongs to no sale


def record_truth(*, payment_id: uuid.UUID, checkout: Checkout, at: datetime) -> State:
    """Apply what was just fetched from the gateway; returns the state the payment is in now.

    One transaction; each move is a compare-and-set, so that of fifty at once one moves and publishes. Publishes
    PaymentCaptured, PaymentDeclined, PaymentRefunded or PaymentUnsettled. Never grants on another amount than asked:
    that is flagged, booked to suspense, and left to a person.
    """
    with transaction.atomic():
        payment = PaymentRow.objects.get(pk=payment_id)
        for state in policies.path_to(payment.amount, checkout):
            _move(payment, state, checkout, at)
        payment.refresh_from_db(fields=["state", "checks"])
        if payment.state in policies.UNDECIDED:
            due = policies.next_check_at(checks=payment.checks, at=at)
            PaymentRow.objects.filter(pk=payment_id, state=payment.state).update(
                next_check_at=due, checks=payment.checks + 1
            )
    return State(payment.state)


def _move(payment: PaymentRow, to: State, checkout: Checkout, at: datetime) -> None:
    known: dict[str, object] = {
        "gateway_ref": checkout.ref,
        "hosted_url": checkout.hosted_url,
        "reason": checkout.reason,
        "next_check_at": None,
    }
    if to is State.FLAGGED:
        known |= {"seen_amount_minor": checkout.amount.amount_minor, "seen_currency": checkout.amount.currency}
    moved = PaymentRow.objects.filter(pk=payment.pk, state__in=policies.SOURCES[to]).update(
        state=to, state_at=at, **known
    )
    if moved:
        _ENTER[to](payment, checkout, at)
        if to is not State.OPEN:
            tell_trail(Act.PAYMENT_SETTLED, payment, state=to)


def _enter_open(payment: PaymentRow, checkout: Checkout, at: datetime) -> None:
    tell(payment, at, "open", f"{checkout.hosted_url} waits for the buyer.")


def _enter_captured(payment: PaymentRow, checkout: Checkout, at: datetime) -> None:
    tell(payment, at, "captured", f"The gateway holds {checkout.amount.format()}, as asked.")
    events.publish(PaymentCaptured(payment_id=payment.id, reference=payment.reference, amount=checkout.amount, at=at))


def _enter_declined(payment: PaymentRow, checkout: Checkout, at: datetime) -> None:
    tell(payment, at, "declined", f"Nothing was charged: {checkout.reason or 'declined'}")
    events.publish(PaymentDeclined(payment_id=payment.id, reference=payment.reference, reason=checkout.reason, at=at))


def _enter_cancelled(payment: PaymentRow, checkout: Checkout, at: datetime) -> None:
    tell(payment, at, "cancelled", f"Nothing was charged: {checkout.reason or 'nobody paid in time'}")
    events.publish(PaymentDeclined(payment_id=payment.id, reference=payment.reference, reason=checkout.reason, at=at))


def _enter_flagged(payment: PaymentRow, checkout: Checkout, at: datetime) -> None:
    sentence = (
        f"Asked {payment.amount.format()}, but the gateway charged {checkout.amount.format()}. Nothing is granted."
    )
    tell(payment, at, "flagged", sentence)
    if checkout.amount:
        received = [Posting(f"gateway:{payment.gateway}", checkout.amount), Posting(SUSPENSE, -checkout.amount)]
        post_journal(cause=flagged_cause(payment.id), postings=received, at=at, memo="Another amount than asked")
    events.publish(PaymentUnsettled(payment_id=payment.id, reference=payment.reference, reason=sentence, at=at))


def _enter_refunded(payment: PaymentRow, checkout: Checkout, at: datetime) -> None:
    tell(payment, at, "refunded", f"{checkout.amount.format()} went back to the buyer.")
    Refund.objects.filter(payment=payment, done_at=None).update(done_at=at)
    if checkout.amount and checkout.amount != payment.amount:
        reverse_journal(
            reversed_cause=flagged_cause(payment.id), cause=flagged_refund_cause(payment.id), at=at, memo="Given back"
        )
    events.publish(PaymentRefunded(payment_id=payment.id, reference=payment.reference, amount=checkout.amount, at=at))


_ENTER = {
    State.OPEN: _enter_open,
    State.CAPTURED: _enter_captured,
    State.DECLINED: _enter_declined,
    State.CANCELLED: _enter_cancelled,
    State.FLAGGED: _enter_flagged,
    State.REFUNDED: _enter_refunded,
}
