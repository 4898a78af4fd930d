"""Ask the gateway what became of a payment."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.kernel import events
from footlights.kernel.errors import NotFoundError
from footlights.payments import policies
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.errors import GatewayForbiddenError, GatewayRefusedError, GatewayUnreachableError
from footlights.payments.events import PaymentUnsettled
from footlights.payments.models import PaymentRow
from footlights.payments.operations.ask_gateway import ask_gateway, find_at_gateway
from footlights.payments.operations.record_truth import record_truth
from footlights.payments.operations.story import tell
from footlights.payments.records import Payment, PaymentState

NO_ANSWER = "The gateway does not answer. We keep asking."


def settle_payment(*, payment_id: uuid.UUID, at: datetime) -> Payment:
    """Fetch the truth and move the payment there; an unanswered one becomes unknown. Safe to repeat.

    Call outside a transaction. Raises NotFoundError.
    """
    payment = PaymentRow.objects.filter(pk=payment_id).first()
    if payment is None:
        raise NotFoundError("There is no such payment.")
    if payment.state != PaymentState.REFUNDED:
        try:
            _ask(payment, at)
        except GatewayUnreachableError as error:
            _note_silence(payment, error, at)
        except GatewayRefusedError as error:
            _note_refusal(payment, error, at)
        payment.refresh_from_db()
    return payment.to_record()


def _ask(payment: PaymentRow, at: datetime) -> None:
    if not payment.gateway_ref:
        if not find_at_gateway(payment, at):
            ask_gateway(payment, at)
        return
    checkout = gateway_named(payment.gateway).fetch_checkout(payment.gateway_ref)
    tell(payment, at, "fetched", f"Asked the gateway: {checkout.status}.")
    record_truth(payment_id=payment.id, checkout=checkout, at=at)


def _note_silence(payment: PaymentRow, error: GatewayUnreachableError, at: datetime) -> None:
    with transaction.atomic():
        due = policies.next_check_at(checks=payment.checks, at=at)
        PaymentRow.objects.filter(pk=payment.pk, state__in=policies.UNDECIDED).update(
            next_check_at=due, checks=payment.checks + 1
        )
        tell(payment, at, "no_answer", str(error) if isinstance(error, GatewayForbiddenError) else NO_ANSWER)
        mark_unknown(payment, PaymentState.OPEN, at)


def _note_refusal(payment: PaymentRow, error: GatewayRefusedError, at: datetime) -> None:
    """The gateway answers, but does not know what it knew. Nothing follows from that, and it is asked again."""
    with transaction.atomic():
        due = policies.next_check_at(checks=payment.checks, at=at)
        PaymentRow.objects.filter(pk=payment.pk, state__in=policies.UNDECIDED).update(
            next_check_at=due, checks=payment.checks + 1
        )
        tell(payment, at, "refused", str(error))


def mark_unknown(payment: PaymentRow, was: PaymentState, at: datetime) -> None:
    """Nobody knows whether the buyer was charged. Joins the caller's transaction. Publishes PaymentUnsettled, once."""
    became_unknown = PaymentRow.objects.filter(pk=payment.pk, state=was).update(
        state=PaymentState.UNKNOWN, state_at=at, reason=NO_ANSWER
    )
    if became_unknown:
        events.publish(PaymentUnsettled(payment_id=payment.id, reference=payment.reference, reason=NO_ANSWER, at=at))
