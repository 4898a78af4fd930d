"""The money is there: book it and grant what was bought."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction

from footlights.audit.api import Act
from footlights.ledger.api import post_journal
from footlights.monetization import policies
from footlights.monetization.causes import sale_cause
from footlights.monetization.models import PurchaseRow
from footlights.monetization.operations.grant import grant
from footlights.monetization.operations.telling import tell
from footlights.monetization.records import PurchaseState
from footlights.payments.api import get_payment


def fulfil_purchase(*, purchase_id: uuid.UUID, payment_id: uuid.UUID, at: datetime) -> None:
    """Journal, entitlement and state in one transaction, once for each purchase however often it is called.

    Locks the purchase. Raises IdempotencyConflictError if the books already say otherwise, which no retry mends.
    """
    payment = get_payment(payment_id)
    with transaction.atomic():
        purchase = PurchaseRow.objects.select_for_update(no_key=True).get(pk=purchase_id)
        if purchase.state in {PurchaseState.PAID, PurchaseState.REFUNDED}:
            return
        fee_bps = settings.PLATFORM_FEE_BPS
        post_journal(
            cause=sale_cause(purchase_id),
            postings=policies.sale_postings(
                price=purchase.price, fee_bps=fee_bps, gateway=payment.gateway, channel_id=purchase.channel_id
            ),
            at=at,
            memo=f"{purchase.kind} {purchase.title_id}",
        )
        grant(purchase, at)
        purchase.state = PurchaseState.PAID
        purchase.reason = ""
        purchase.payment_id = payment_id
        purchase.paid_at = at
        purchase.fee_minor = policies.fee_of(purchase.price, fee_bps=fee_bps).amount_minor
        purchase.save(update_fields=["state", "reason", "payment_id", "paid_at", "fee_minor"])
        tell(Act.PURCHASE_PAID, purchase, actor_id=None, payment_id=payment_id)
