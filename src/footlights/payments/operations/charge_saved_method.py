"""Ask for money without the buyer, from what they let the gateway keep."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.payments.errors import GatewayRefusedError, GatewayUnreachableError, MethodGoneError
from footlights.payments.models import MethodRow
from footlights.payments.operations.ask_gateway import ask_gateway
from footlights.payments.operations.open_payment import begin_payment
from footlights.payments.operations.settle_payment import mark_unknown
from footlights.payments.records import Payment, PaymentState


def charge_saved_method(
    *, method_id: uuid.UUID, reference: str, amount: Money, description: str, idempotency_key: str, at: datetime
) -> Payment:
    """Charge it once for each key; call outside a transaction; repeating with the same key charges nothing twice.

    Comes back captured; declined, with the gateway's reason, and `needs_buyer` when the bank wants to hear the buyer;
    or unknown when no answer came: then the sweep learns it, and the event tells. Raises NotFoundError,
    MethodGoneError when it was forgotten, IdempotencyConflictError, InvalidInputError, PaymentsClosedError. Publishes
    PaymentCaptured, PaymentDeclined or PaymentUnsettled.
    """
    method = MethodRow.objects.filter(pk=method_id).first()
    if method is None:
        raise NotFoundError("There is no such way of paying.")
    if method.forgotten_at:
        raise MethodGoneError(_("This way of paying is not kept any more. Choose another."))
    payment = begin_payment(
        gateway=method.gateway,
        reference=reference,
        amount=amount,
        description=description,
        idempotency_key=idempotency_key,
        payer_id=method.payer_id,
        method_id=method.id,
        customer_ref=method.customer_ref,
        at=at,
    )
    if payment.state == PaymentState.OPENING:
        try:
            ask_gateway(payment, at)
        except GatewayUnreachableError:
            with transaction.atomic():
                mark_unknown(payment, PaymentState.OPENING, at)
        except GatewayRefusedError:
            pass  # it is declined, and says why
        payment.refresh_from_db()
    return payment.to_record()
