"""Give a buyer the money back."""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from footlights.accounts.api import Permission, find_person, permissions_of
from footlights.catalog.api import may
from footlights.kernel.errors import FootlightsError, NotFoundError
from footlights.kernel.money import Money
from footlights.monetization.errors import NotReturnableError
from footlights.monetization.models import PurchaseRow
from footlights.monetization.operations.note_refund import note_refund
from footlights.monetization.operations.promising import begin_return, end_return
from footlights.monetization.queries import why_not_returned
from footlights.monetization.records import Purchase, PurchaseState
from footlights.payments.api import NothingToRefundError, RefundState, list_refunds, refund_payment


def refund_purchase(
    *, purchase_id: uuid.UUID, by_id: uuid.UUID, idempotency_key: str, at: datetime, amount: Money | None = None
) -> Purchase:
    """Give `amount` back, or all that is left, with which the entitlement ends; once for each key.

    Whoever sells it or an administrator may do it. Call outside a transaction. When the gateway does not answer now,
    the refund is kept and finished by the sweep. Raises NotFoundError (also to strangers), NothingToRefundError,
    RefundTooLargeError, InvalidInputError, and CountedError for what counted towards a collection.
    """
    purchase = PurchaseRow.objects.filter(pk=purchase_id).first()
    if purchase is None or not _may_refund(purchase, by_id):
        raise NotFoundError("There is no such purchase.")
    return give_back(purchase, idempotency_key=idempotency_key, at=at, amount=amount)


def return_purchase(
    *, purchase_id: uuid.UUID, viewer_id: uuid.UUID, watched_percent: int, idempotency_key: str, at: datetime
) -> Purchase:
    """The buyer gives it back and has all the money back, where the terms let them; once for each key.

    `watched_percent` is what playback knows. Call outside a transaction. Raises NotFoundError, NotReturnableError with
    the reason, and as refund_purchase.
    """
    why_not = why_not_returned(purchase_id=purchase_id, viewer_id=viewer_id, watched_percent=watched_percent, at=at)
    purchase = PurchaseRow.objects.get(pk=purchase_id)
    if why_not and purchase.state != PurchaseState.REFUNDED:
        raise NotReturnableError(why_not)
    return give_back(purchase, idempotency_key=idempotency_key, at=at)


def give_back(purchase: PurchaseRow, *, idempotency_key: str, at: datetime, amount: Money | None = None) -> Purchase:
    """Ask payments for it, and book what is done already. From then on the purchase counts towards no collection."""
    if purchase.payment_id is None:
        raise NothingToRefundError(_("Nothing was paid for this, so there is nothing to give back."))
    begin_return(purchase.pk, at)
    try:
        payment = refund_payment(payment_id=purchase.payment_id, idempotency_key=idempotency_key, at=at, amount=amount)
    except FootlightsError:  # nothing was asked for
        end_return(purchase.pk)
        raise
    refunds = list_refunds(payment.id)
    for refund in refunds:
        if refund.state is RefundState.DONE:
            note_refund(
                purchase_id=purchase.pk,
                payment_id=payment.id,
                refund_id=refund.id,
                amount=refund.amount,
                charged=payment.charged_amount,
                is_whole=payment.refunded == payment.charged_amount,
                at=at,
            )
    if all(refund.state is RefundState.DONE for refund in refunds):
        end_return(purchase.pk)
    purchase.refresh_from_db()
    return purchase.to_record()


def _may_refund(purchase: PurchaseRow, by_id: uuid.UUID) -> bool:
    person = find_person(by_id)
    if person and Permission.REFUND_PAYMENTS in permissions_of(person.roles):
        return True
    return may(by_id, Permission.REFUND_SALES, purchase.channel_id)
