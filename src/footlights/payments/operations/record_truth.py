"""Move a payment to where the gateway says it is."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.kernel import events
from footlights.ledger.api import Posting, post_journal
from footlights.payments import policies
from footlights.payments.adapters.gateway import Checkout
from footlights.payments.causes import flagged_cause
from footlights.payments.events import PaymentCaptured, PaymentDeclined, PaymentUnsettled
from footlights.payments.models import PaymentRow
from footlights.payments.operations.note_cost import note_cost
from footlights.payments.operations.note_fingerprint import note_fingerprint
from footlights.payments.operations.note_refund import note_refund
from footlights.payments.operations.save_method import save_method
from footlights.payments.operations.story import tell
from footlights.payments.operations.telling import tell_trail
from footlights.payments.records import PaymentState as State

SUSPENSE = "platform:suspense"  # money that came but belongs to no sale


def record_truth(*, payment_id: uuid.UUID, checkout: Checkout, at: datetime) -> State:
    """Apply what was just fetched from the gateway; returns the state the payment is in now.

    One transaction; each move is a compare-and-set, so that of fifty at once one moves and publishes. Publishes
    PaymentCaptured, PaymentDeclined, PaymentUnsettled, PaymentRefunded, RefundFailed or MethodSaved. Never grants on
    another amount than asked: that is flagged, booked to suspense, and left to a person.
    """
    with transaction.atomic():
        payment = PaymentRow.objects.get(pk=payment_id)
        _move(payment, policies.state_at_gateway(payment.amount, checkout), checkout, at)
        payment.refresh_from_db()
        if payment.state in policies.CHARGED:
            _add_what_came_with_it(payment, checkout, at)
        elif payment.state in policies.UNDECIDED:
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
        "needs_buyer": checkout.needs_buyer,
        "next_check_at": None,
    }
    if to is State.CAPTURED:
        known["captured_at"] = at
    if to is State.FLAGGED:
        known |= {"seen_amount_minor": checkout.amount.amount_minor, "seen_currency": checkout.amount.currency}
    moved = PaymentRow.objects.filter(pk=payment.pk, state__in=policies.SOURCES[to]).update(
        state=to, state_at=at, **known
    )
    if moved:
        _ENTER[to](payment, checkout, at)
        if to is not State.OPEN:
            tell_trail(Act.PAYMENT_SETTLED, payment, state=to)


def _add_what_came_with_it(payment: PaymentRow, checkout: Checkout, at: datetime) -> None:
    if checkout.cost:
        note_cost(payment, checkout.cost, at)
    note_fingerprint(payment, checkout.fingerprint, at)
    if checkout.method and payment.saves_method and payment.payer_id:
        save_method(
            payer_id=payment.payer_id,
            gateway=payment.gateway,
            kept=checkout.method,
            reference=payment.reference,
            at=at,
        )
    for given_back in checkout.refunds:
        note_refund(payment, given_back, at)


def _enter_open(payment: PaymentRow, checkout: Checkout, at: datetime) -> None:
    where = checkout.hosted_url or "The gateway"
    tell(payment, at, "open", f"{where} waits for the buyer.")


def _enter_captured(payment: PaymentRow, checkout: Checkout, at: datetime) -> None:
    tell(payment, at, "captured", f"The gateway holds {checkout.amount.format()}, as asked.")
    events.publish(
        PaymentCaptured(
            payment_id=payment.id, reference=payment.reference, amount=checkout.amount, at=at, cost=checkout.cost
        )
    )


def _enter_declined(payment: PaymentRow, checkout: Checkout, at: datetime) -> None:
    tell(payment, at, "declined", f"Nothing was charged: {checkout.reason or 'declined'}")
    _publish_declined(payment, checkout, at)


def _enter_cancelled(payment: PaymentRow, checkout: Checkout, at: datetime) -> None:
    tell(payment, at, "cancelled", f"Nothing was charged: {checkout.reason or 'nobody paid in time'}")
    _publish_declined(payment, checkout, at)


def _publish_declined(payment: PaymentRow, checkout: Checkout, at: datetime) -> None:
    events.publish(
        PaymentDeclined(
            payment_id=payment.id,
            reference=payment.reference,
            reason=checkout.reason,
            at=at,
            needs_buyer=checkout.needs_buyer,
        )
    )


def _enter_flagged(payment: PaymentRow, checkout: Checkout, at: datetime) -> None:
    sentence = (
        f"Asked {payment.amount.format()}, but the gateway charged {checkout.amount.format()}. Nothing is granted."
    )
    tell(payment, at, "flagged", sentence)
    if checkout.amount:
        received = [Posting(f"gateway:{payment.gateway}", checkout.amount), Posting(SUSPENSE, -checkout.amount)]
        post_journal(cause=flagged_cause(payment.id), postings=received, at=at, memo="Another amount than asked")
    events.publish(PaymentUnsettled(payment_id=payment.id, reference=payment.reference, reason=sentence, at=at))


_ENTER = {
    State.OPEN: _enter_open,
    State.CAPTURED: _enter_captured,
    State.DECLINED: _enter_declined,
    State.CANCELLED: _enter_cancelled,
    State.FLAGGED: _enter_flagged,
}
