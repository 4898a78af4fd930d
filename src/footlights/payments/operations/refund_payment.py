"""Give a payment's money back."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError
from footlights.kernel.money import Money
from footlights.payments import policies
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.errors import (
    GatewayRefusedError,
    GatewayUnreachableError,
    NothingToRefundError,
    RefundTooLargeError,
)
from footlights.payments.models import DisputeRow, PaymentRow, RefundRow
from footlights.payments.operations.note_refund import settle_refund
from footlights.payments.operations.record_truth import record_truth
from footlights.payments.operations.settle_payment import settle_payment
from footlights.payments.operations.story import tell
from footlights.payments.operations.telling import tell_trail
from footlights.payments.queries import get_payment
from footlights.payments.records import DisputeState, Payment, RefundState


def refund_payment(
    *, payment_id: uuid.UUID, idempotency_key: str, at: datetime, amount: Money | None = None
) -> Payment:
    """Send `amount` back, or all that is left; once for each key. Call outside a transaction.

    Together never more than was charged, which the database keeps too. A payment whose capture is not known yet is
    settled first. The refund is written down before the gateway is asked; when the gateway does not answer, the sweep
    finishes it. Asking for all of what is going back already asks for nothing new. Raises NothingToRefundError,
    RefundTooLargeError, InvalidInputError, NotFoundError, GatewayRefusedError, and IdempotencyConflictError when the
    key belongs to another refund. Publishes PaymentRefunded.
    """
    payment = get_payment(payment_id)
    if payment.state in policies.UNDECIDED:
        payment = settle_payment(payment_id=payment_id, at=at)
    if payment.state not in policies.CHARGED:
        raise NothingToRefundError(_why_not(payment))
    _ask_once(payment, amount, idempotency_key, at)
    asked = RefundRow.objects.filter(payment_id=payment_id, state=RefundState.ASKED)
    for refund_id in asked.order_by("pk").values_list("pk", flat=True):
        finish_refund(refund_id=refund_id, at=at)
    if RefundRow.objects.filter(idempotency_key=idempotency_key, state=RefundState.FAILED).exists():
        raise GatewayRefusedError(_("The payment service did not give the money back. Its reason is in the story."))
    return get_payment(payment_id)


def finish_refund(*, refund_id: uuid.UUID, at: datetime) -> None:
    """Ask the gateway for a refund that is written down, and record what it says. Repeatable: its id is the key."""
    refund = RefundRow.objects.select_related("payment").get(pk=refund_id)
    if refund.state != RefundState.ASKED:
        return
    payment = refund.payment
    if not refund.amount:  # of a payment the gateway charged nothing for: there is nothing to ask
        with transaction.atomic():
            settle_refund(payment, refund, "", at)
        return
    try:
        checkout = gateway_named(payment.gateway).refund(
            ref=payment.gateway_ref, key=str(refund.id), amount=refund.amount
        )
    except GatewayUnreachableError:
        tell(payment, at, "no_answer", "The gateway did not answer the refund. We ask again with the same key.")
        return
    except GatewayRefusedError as error:
        _give_up(refund, str(error), at)
        return
    record_truth(payment_id=payment.id, checkout=checkout, at=at)


def _give_up(refund: RefundRow, reason: str, at: datetime) -> None:
    """The gateway will not do it, unless it did it before and forgot our key: then its list of refunds has it."""
    settle_payment(payment_id=refund.payment_id, at=at)
    with transaction.atomic():
        failed = RefundRow.objects.filter(pk=refund.pk, state=RefundState.ASKED).update(state=RefundState.FAILED)
        if failed:
            tell(refund.payment, at, "refund_failed", f"The gateway does not give it back: {reason}")


def _ask_once(payment: Payment, amount: Money | None, idempotency_key: str, at: datetime) -> None:
    """Locks the payment, so that what is left cannot be promised twice."""
    with transaction.atomic(durable=True):
        row = PaymentRow.objects.select_for_update(no_key=True).get(pk=payment.id)
        known = RefundRow.objects.filter(idempotency_key=idempotency_key).first()
        if known:
            if known.payment_id != payment.id or amount not in {None, known.amount}:
                raise IdempotencyConflictError("This key already belongs to another refund.")
            return
        left = _left(row)
        is_all_asked = row.returning_minor == row.charged_amount.amount_minor
        if amount is None and is_all_asked and row.refunds.exclude(state=RefundState.FAILED).exists():
            return
        refund = RefundRow.objects.create(
            payment=row,
            idempotency_key=idempotency_key,
            amount_minor=_checked(amount, left, row.charged_amount).amount_minor,
            currency=left.currency,
            asked_at=at,
        )
        tell(row, at, "refund_asked", f"A refund of {refund.amount.format()} was asked for.")
        tell_trail(Act.REFUND_ASKED, row, returned=f"{refund.amount.decimal} {refund.currency}")


def _left(row: PaymentRow) -> Money:
    """What neither goes back already nor was taken by the buyer's bank: that is not ours to give."""
    charged = row.charged_amount
    disputes = DisputeRow.objects.filter(payment=row).exclude(state=DisputeState.WON)
    taken = disputes.aggregate(sum=Sum("amount_minor", default=0))["sum"]
    return Money(max(charged.amount_minor - row.returning_minor - taken, 0), charged.currency)


def _checked(amount: Money | None, left: Money, charged: Money) -> Money:
    if amount is None and left.amount_minor <= 0 < charged.amount_minor:
        raise NothingToRefundError(_("The buyer's bank took this money back. The dispute decides who gets it."))
    if amount is None:
        return left
    if amount.currency != left.currency or amount.amount_minor <= 0:
        raise InvalidInputError(_("%(amount)s cannot be given back.") % {"amount": amount.format()}, field="amount")
    if left < amount:
        raise RefundTooLargeError(_("Only %(left)s are left to give back.") % {"left": left.format()})
    return amount


def _why_not(payment: Payment) -> str:
    if payment.state in policies.UNDECIDED:
        return "It is not known yet whether the buyer was charged. As soon as it is, the refund can be made."
    return "The buyer was never charged, so there is nothing to give back."
