"""Ask for the money of what is given: on the gateway's page, or from a card its giver let it keep."""

import uuid
from datetime import datetime

from footlights.giving.models import Given
from footlights.giving.operations.close import close
from footlights.giving.operations.note_paid import note_paid
from footlights.giving.records import State
from footlights.kernel.errors import NotFoundError
from footlights.payments.api import PaymentState, charge_saved_method, list_methods, open_payment

NOTHING_CHARGED = frozenset({PaymentState.DECLINED, PaymentState.CANCELLED})


def require_method(giver_id: uuid.UUID, method_id: uuid.UUID | None) -> None:
    """Raises NotFoundError for a card that is not the giver's."""
    if method_id is not None and method_id not in {each.id for each in list_methods(giver_id)}:
        raise NotFoundError("There is no such way of paying.")


def ask_for_payment(
    row: Given, *, description: str, return_path: str, at: datetime, method_id: uuid.UUID | None = None
) -> None:
    """Open the hosted page, or charge the card, unless that is done: the reference is the key, however often.

    Call outside a transaction. Raises GatewayUnreachableError (nothing was charged; repeat), MethodGoneError.
    """
    if row.state != State.PENDING or row.payment_id is not None:
        return
    if method_id is None:
        payment = open_payment(
            reference=row.reference,
            amount=row.amount,
            description=description,
            return_path=return_path,
            idempotency_key=row.reference,
            payer_id=row.giver_id,
            at=at,
        )
    else:
        payment = charge_saved_method(
            method_id=method_id,
            reference=row.reference,
            amount=row.amount,
            description=description,
            idempotency_key=row.reference,
            at=at,
        )
    row.payment_id, row.hosted_url = payment.id, payment.hosted_url
    row.save(update_fields=["payment_id", "hosted_url"])
    if payment.state is PaymentState.CAPTURED:
        note_paid(reference=row.reference, payment_id=payment.id, at=at)
    elif payment.state in NOTHING_CHARGED:
        close(reference=row.reference, reason=payment.reason)
    row.refresh_from_db()
