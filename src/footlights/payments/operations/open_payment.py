"""Ask a buyer for money."""

import uuid
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.kernel.errors import IdempotencyConflictError, InvalidInputError
from footlights.kernel.money import MAX_AMOUNT_MINOR, Money
from footlights.payments import policies
from footlights.payments.adapters.registry import can_be_paid, default_gateway
from footlights.payments.errors import PaymentsClosedError
from footlights.payments.models import PaymentRow
from footlights.payments.operations.ask_gateway import ask_gateway
from footlights.payments.operations.story import tell
from footlights.payments.operations.telling import tell_trail
from footlights.payments.records import Payment, PaymentState


def open_payment(
    *,
    reference: str,
    amount: Money,
    description: str,
    return_path: str,
    idempotency_key: str,
    at: datetime,
    payer_id: uuid.UUID | None = None,
    save_method: bool = False,
) -> Payment:
    """Create a payment and open the gateway's hosted page for it. Call outside a transaction.

    With `save_method` the way of paying is kept for `payer_id`, who is told so on the gateway's page, and becomes
    their default. The payment exists before the gateway hears of it, so that nothing the gateway does is ever unknown
    to us. Repeating with the same key goes on where it stopped; with other input it raises IdempotencyConflictError.
    Raises InvalidInputError on an amount nobody can pay, GatewayUnreachableError when the page could not be opened
    (nothing is charged; repeat), PaymentsClosedError where nothing can be paid.
    """
    payment = begin_payment(
        gateway=default_gateway().name,
        reference=reference,
        amount=amount,
        description=description,
        return_path=return_path,
        idempotency_key=idempotency_key,
        payer_id=payer_id,
        saves_method=save_method and payer_id is not None,
        at=at,
    )
    if payment.state == PaymentState.OPENING:
        ask_gateway(payment, at)
        payment.refresh_from_db()
    return payment.to_record()


def begin_payment(
    *, idempotency_key: str, reference: str, amount: Money, description: str, at: datetime, **asked: Any
) -> PaymentRow:
    """Write down that money is asked for, once for each key and each reference. Raises as `open_payment` says."""
    if not can_be_paid():
        raise PaymentsClosedError(_("This service cannot take payments yet."))
    if not 0 < amount.amount_minor <= MAX_AMOUNT_MINOR:
        raise InvalidInputError(
            _("%(amount)s is not an amount one can pay.") % {"amount": amount.format()}, field="price"
        )
    asked |= {"reference": reference, "amount_minor": amount.amount_minor, "currency": amount.currency}
    try:
        with transaction.atomic(durable=True):
            payment, is_new = PaymentRow.objects.get_or_create(
                idempotency_key=idempotency_key,
                defaults={
                    **asked,
                    "description": description,
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
    asked.pop("gateway")  # an installation that changed to another one goes on with what it began
    if any(getattr(payment, field) != value for field, value in asked.items()):
        raise IdempotencyConflictError("This payment was asked for before, for something else.")
    return payment
