"""The money went back: so does what it bought."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.kernel.money import Money
from footlights.ledger.api import reverse_journal
from footlights.monetization.causes import refund_cause, sale_cause
from footlights.monetization.models import EntitlementRow, PurchaseRow
from footlights.monetization.operations.fulfil_purchase import fulfil_purchase
from footlights.monetization.operations.telling import tell
from footlights.monetization.records import PurchaseState


def revoke_purchase(*, purchase_id: uuid.UUID, payment_id: uuid.UUID, amount: Money, at: datetime) -> None:
    """Reverse the journal, take the entitlement back, mark the purchase refunded; one transaction, safe to repeat.

    When the news of the refund overtakes that of the capture, the sale is booked first, so that the books tell both.
    A refund of another amount than the price was never a sale; only the purchase is closed.
    """
    purchase = PurchaseRow.objects.get(pk=purchase_id)
    was_sale = amount == purchase.price
    if was_sale:
        fulfil_purchase(purchase_id=purchase_id, payment_id=payment_id, at=at)
    with transaction.atomic():
        purchase = PurchaseRow.objects.select_for_update(no_key=True).get(pk=purchase_id)
        if purchase.state == PurchaseState.REFUNDED:
            return
        if was_sale:
            reverse_journal(
                reversed_cause=sale_cause(purchase_id), cause=refund_cause(purchase_id), at=at, memo="Refund"
            )
            EntitlementRow.objects.filter(purchase=purchase, revoked_at=None).update(revoked_at=at)
        purchase.state = PurchaseState.REFUNDED
        purchase.refunded_at = at
        purchase.save(update_fields=["state", "refunded_at"])
        tell(Act.PURCHASE_REFUNDED, purchase, actor_id=None, payment_id=payment_id)
