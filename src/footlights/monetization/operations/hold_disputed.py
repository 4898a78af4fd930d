"""What was bought waits while the buyer's bank decides who gets the money."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Value

from footlights.monetization.models import EntitlementRow, PurchaseRow
from footlights.monetization.operations.fulfil_purchase import fulfil_purchase
from footlights.payments.api import DisputeState, get_payment, list_disputes
from footlights.terms.api import DisputeAccess, dispute_access


def fit_to_disputes(*, purchase_id: uuid.UUID, payment_id: uuid.UUID, at: datetime) -> None:
    """Hold what came with the purchase while a dispute about it is open, where the terms say so; else let it go.

    Asks how it stands now, so it may be called twice, late and in any order. When the news overtakes that of the
    capture, what was paid is granted first; what was charged otherwise than asked was never granted. A rental gets
    back the time it waited. Locks the purchase.
    """
    purchase = PurchaseRow.objects.get(pk=purchase_id)
    if get_payment(payment_id).charged_amount != purchase.price:
        return
    fulfil_purchase(purchase_id=purchase_id, payment_id=payment_id, at=at)
    with transaction.atomic():
        PurchaseRow.objects.select_for_update(no_key=True).get(pk=purchase_id)
        held = EntitlementRow.objects.filter(purchase_id=purchase_id)
        if not list_disputes(payment_id=payment_id, state=DisputeState.OPEN, limit=1):
            waited = ExpressionWrapper(Value(at) - F("held_at"), output_field=DurationField())
            held.exclude(held_at=None).update(
                start_by=ExpressionWrapper(F("start_by") + waited, output_field=DateTimeField()),
                ends_at=ExpressionWrapper(F("ends_at") + waited, output_field=DateTimeField()),
                held_at=None,
            )
        elif dispute_access(at) is DisputeAccess.HOLD:
            held.filter(held_at=None).update(held_at=at)
