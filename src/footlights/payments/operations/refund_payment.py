"""Give a payment's money back."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.kernel.errors import IdempotencyConflictError
from footlights.payments import policies
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.errors import GatewayUnreachableError, NothingToRefundError
from footlights.payments.models import PaymentRow, Refund
from footlights.payments.operations.record_truth import record_truth
from footlights.payments.operations.settle_payment import settle_payment
from footlights.payments.operations.story import tell
from footlights.payments.operations.telling import tell_trail
from footlights.payments.queries import get_payment
from footlights.payments.records import Payment, PaymentState

REFUNDABLE = frozenset({PaymentState.CAPTURED, PaymentState.FLAGGED})


def refund_payment(*, payment_id: uuid.UUID, idempotency_key: str, at: datetime) -> Payment:
    """Send all of the money back, once, whoever asks and however often. Call outside a transaction.

    A payment whose capture is not known yet is settled first. The refund is written down before the gateway is asked;
    when the gateway does not answer, the sweep finishes it. Raises NothingToRefundError, NotFoundError, and
    IdempotencyConflictError when the key belongs to another payment's refund. Publishes PaymentRefunded.
    """
    payment = get_payment(payment_id)
    if payment.state in policies.UNDECIDED:
        payment = settle_payment(payment_id=payment_id, at=at)
    row = PaymentRow.objects.get(pk=payment_id)
    if payment.state in REFUNDABLE:
        _ask_once(row, idempotency_key, at)
        finish_refund(row, at)
        row.refresh_from_db()
    elif payment.state != PaymentState.REFUNDED:
        raise NothingToRefundError(_why_not(payment))
    return row.to_record()


def finish_refund(payment: PaymentRow, at: datetime) -> None:
    """Ask the gateway for the refund that is written down, and record what it says. Repeatable: one key a payment."""
    amount = payment.to_record().charged_amount
    try:
        checkout = gateway_named(payment.gateway).refund(
            ref=payment.gateway_ref, amount=amount, idempotency_key=f"refund:{payment.id}"
        )
    except GatewayUnreachableError:
        tell(payment, at, "no_answer", "The gateway did not answer the refund. We ask again with the same key.")
        return
    record_truth(payment_id=payment.id, checkout=checkout, at=at)


def _ask_once(payment: PaymentRow, idempotency_key: str, at: datetime) -> None:
    with transaction.atomic(durable=True):
        other = Refund.objects.filter(idempotency_key=idempotency_key).exclude(payment=payment).exists()
        if other:
            raise IdempotencyConflictError("This key already refunds another payment.")
        _, is_new = Refund.objects.get_or_create(
            payment=payment, defaults={"idempotency_key": idempotency_key, "asked_at": at}
        )
        if is_new:
            tell(payment, at, "refund_asked", "A refund was asked for.")
            tell_trail(Act.REFUND_ASKED, payment)


def _why_not(payment: Payment) -> str:
    if payment.state in policies.UNDECIDED:
        return "It is not known yet whether the buyer was charged. As soon as it is, the refund can be made."
    return "The buyer was never charged, so there is nothing to give back."
