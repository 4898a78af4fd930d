"""Give a buyer the money back."""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from footlights.accounts.api import Permission, find_person, permissions_of
from footlights.catalog.api import may
from footlights.kernel.errors import NotFoundError
from footlights.monetization.models import PurchaseRow
from footlights.monetization.operations.revoke_purchase import revoke_purchase
from footlights.monetization.records import Purchase
from footlights.payments.api import NothingToRefundError, PaymentState, refund_payment


def refund_purchase(*, purchase_id: uuid.UUID, by_id: uuid.UUID, idempotency_key: str, at: datetime) -> Purchase:
    """All the money goes back and the entitlement ends; whoever sells it or an administrator may do it. Safe to repeat.

    Call outside a transaction. When the gateway does not answer now, the refund is kept and finished by the sweep.
    Raises NotFoundError (also to strangers), NothingToRefundError.
    """
    purchase = PurchaseRow.objects.filter(pk=purchase_id).first()
    if purchase is None or not _may_refund(purchase, by_id):
        raise NotFoundError("There is no such purchase.")
    if purchase.payment_id is None:
        raise NothingToRefundError(_("Nothing was paid for this, so there is nothing to give back."))
    payment = refund_payment(payment_id=purchase.payment_id, idempotency_key=idempotency_key, at=at)
    if payment.state is PaymentState.REFUNDED:
        revoke_purchase(purchase_id=purchase_id, payment_id=payment.id, amount=payment.charged_amount, at=at)
    purchase.refresh_from_db()
    return purchase.to_record()


def _may_refund(purchase: PurchaseRow, by_id: uuid.UUID) -> bool:
    person = find_person(by_id)
    if person and Permission.REFUND_PAYMENTS in permissions_of(person.roles):
        return True
    return may(by_id, Permission.REFUND_SALES, purchase.channel_id)
