"""Ask a buyer for money."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money
from footlights.payments import policies
from footlights.payments.adapters.gateway import Order
from footlights.payments.adapters.registry import can_be_paid, default_gateway, gateway_named
from footlights.payments.errors import GatewayUnreachableError, PaymentsClosedError
from footlights.payments.models import PaymentRow
from footlights.payments.operations.record_truth import record_truth
from footlights.payments.operations.story import tell
from footlights.payments.operations.telling import tell_trail
from footlights.payments.records import Payment, PaymentState


def open_payment(
    *, reference: str, amount: Money, description: str, return_path: str, idempotency_key: str, at: datetime
) -> Payment:
    """Create a payment and open the gateway's hosted page for it. Call outside a transaction.

    The payment exists before the gateway hears of it, so that nothing the gateway does is ever unknown to us.
    Repeating with the same key goes on where it stopped; with other input it raises IdempotencyConflictError. Raises
    InvalidInputError on an amount nobody can pay, GatewayUnreachableError when the page could not be opened (nothing is
    charged; repeat), PaymentsClosedError where nothing can be paid.
    """
    if not can_be_paid():
        raise PaymentsClosedError(_("This service cannot take payments yet."))
    if not 0 < amount.amount_minor <= MAX_AMOUNT_MINOR:
        raise InvalidInputError(
            _("%(amount)s is not an amount one can pay.") % {"amount": amount.format()}, field="price"
        )
    payment = _create(reference, amount, description, return_path, idempotency_key, at)
    if payment.state == PaymentState.OPENING:
        open_hosted_page(payment, at)
        payment.refresh_from_db()
    return payment.to_record()


def open_hosted_page(payment: PaymentRow, at: datetime) -> None:
    """Open, or open again: the payment's id is the key the gateway remembers."""
    order = Order(str(payment.id), payment.amount, payment.description, payment.return_path)
    try:
        checkout = gateway_named(payment.gateway).open_checkout(order)
    except GatewayUnreachableError:
        tell(payment, at, "no_answer", "The gateway did not answer when asked to open its page.")
        raise
    record_truth(payment_id=payment.id, checkout=checkout, at=at)


def _create(
    reference: str, amount: Money, description: str, return_path: str, idempotency_key: str, at: datetime
) -> PaymentRow:
    asked = {
        "reference": reference,
        "amount_minor": amount.amount_minor,
        "currency": amount.currency,
        "return_path": return_path,
    }
    try:
        with transaction.atomic(durable=True):
            payment, is_new = PaymentRow.objects.get_or_create(
                idempotency_key=idempotency_key,
                defaults={
                    **asked,
                    "description": description,
                    "gateway": default_gateway().name,
                    "created_at": at,
                    "state_at": at,
                    "next_check_at": at + policies.FIRST_CHECK_AFTER,
                },
            )
            if is_new:
                tell(payment, at, "asked", f"{amount.format()} asked for: {description}.")
                tell_trail(Act.PAYMENT_OPENED, payment)
    except IntegrityError as error:
        raise IdempotencyConflictError(f"“{reference}” was asked for before, with another key.") from error
    if any(getattr(payment, field) != value for field, value in asked.items()):
        raise IdempotencyConflictError("This payment was asked for before, for something else.")
    return payment
