"""Close a payment nobody made."""

import uuid
from datetime import datetime

from footlights.kernel.errors import NotFoundError
from footlights.payments import policies
from footlights.payments.adapters.registry import gateway_named
from footlights.payments.models import PaymentRow
from footlights.payments.operations.ask_gateway import ask_gateway
from footlights.payments.operations.record_truth import record_truth
from footlights.payments.records import Payment


def cancel_payment(*, payment_id: uuid.UUID, at: datetime) -> Payment:
    """Close the hosted page, so that nobody pays on it any more. Call outside a transaction; safe to repeat.

    The gateway decides: a payment that was made in the meantime comes back captured. Raises GatewayUnreachableError.
    """
    payment = PaymentRow.objects.filter(pk=payment_id).first()
    if payment is None:
        raise NotFoundError("There is no such payment.")
    if payment.state in policies.UNDECIDED:
        if not payment.gateway_ref:
            ask_gateway(payment, at)
            payment.refresh_from_db()
        checkout = gateway_named(payment.gateway).expire_checkout(payment.gateway_ref)
        record_truth(payment_id=payment.id, checkout=checkout, at=at)
        payment.refresh_from_db()
    return payment.to_record()
