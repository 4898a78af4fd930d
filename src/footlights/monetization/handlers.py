"""What payments tell us. Each may come twice, late, or in another order than it happened."""

import uuid

from footlights.kernel.events import subscribe
from footlights.monetization.operations.close_purchase import close_purchase
from footlights.monetization.operations.fulfil_purchase import fulfil_purchase
from footlights.monetization.operations.mark_unsettled import mark_unsettled
from footlights.monetization.operations.revoke_purchase import revoke_purchase
from footlights.payments.events import PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentUnsettled


@subscribe(PaymentCaptured)
def grant_what_was_paid(event: PaymentCaptured) -> None:
    if purchase_id := _purchase_of(event.reference):
        fulfil_purchase(purchase_id=purchase_id, payment_id=event.payment_id, at=event.at)


@subscribe(PaymentDeclined)
def close_what_was_not_paid(event: PaymentDeclined) -> None:
    if purchase_id := _purchase_of(event.reference):
        close_purchase(purchase_id=purchase_id, reason=event.reason)


@subscribe(PaymentUnsettled)
def mark_what_is_unknown(event: PaymentUnsettled) -> None:
    if purchase_id := _purchase_of(event.reference):
        mark_unsettled(purchase_id=purchase_id, reason=event.reason)


@subscribe(PaymentRefunded)
def take_back_what_was_refunded(event: PaymentRefunded) -> None:
    purchase_id = _purchase_of(event.reference)
    if purchase_id and event.is_whole:
        revoke_purchase(purchase_id=purchase_id, payment_id=event.payment_id, amount=event.charged, at=event.at)


def _purchase_of(reference: str) -> uuid.UUID | None:
    """Other contexts may take payments too; theirs are not ours to handle."""
    kind, _, identifier = reference.partition(":")
    return uuid.UUID(identifier) if kind == "purchase" else None
