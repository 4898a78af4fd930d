"""A viewer gets a title, for the price they saw."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.catalog.api import list_titles
from footlights.kernel.errors import IdempotencyConflictError
from footlights.monetization.models import OfferRow, PurchaseRow
from footlights.monetization.operations.close_purchase import close_purchase
from footlights.monetization.operations.grant import grant
from footlights.monetization.operations.require_offer import require_offer
from footlights.monetization.operations.telling import tell
from footlights.monetization.records import OfferKind, Purchase, PurchaseState
from footlights.payments.api import PaymentState, cancel_payment, open_payment, settle_payment

UNDECIDED = (PurchaseState.PENDING, PurchaseState.UNKNOWN)
NOTHING_CHARGED = frozenset({PaymentState.DECLINED, PaymentState.CANCELLED})


def buy_title(*, viewer_id: uuid.UUID, offer_id: uuid.UUID, idempotency_key: str, at: datetime) -> Purchase:
    """Get a title by one of its offers: at once when it is free, else by the hosted page the purchase names.

    Call outside a transaction. The same key is the same purchase; with another offer it raises
    IdempotencyConflictError. A viewer has one undecided purchase of a title at most, so a second tab comes to the same
    page; another offer closes the first page before a new one opens. Raises NotFoundError, OfferChangedError (the price
    shown is no longer the price), AlreadyYoursError, GatewayUnreachableError (nothing was charged; repeat).
    """
    repeated = PurchaseRow.objects.filter(viewer_id=viewer_id, idempotency_key=idempotency_key).first()
    if repeated:
        if repeated.offer_id != offer_id:
            raise IdempotencyConflictError(_("This purchase was begun for another offer. Load the page again."))
        return _ask_for_payment(repeated, at)
    offer, channel_id = require_offer(viewer_id, offer_id, at)
    begun = _undecided(viewer_id, offer.title_id)
    if begun and not _is_out_of_the_way(begun, offer, at):
        return _ask_for_payment(begun, at)
    return _ask_for_payment(_begin(viewer_id, offer, channel_id, idempotency_key, at), at)


def _undecided(viewer_id: uuid.UUID, title_id: uuid.UUID) -> PurchaseRow | None:
    return PurchaseRow.objects.filter(viewer_id=viewer_id, title_id=title_id, state__in=UNDECIDED).first()


def _is_out_of_the_way(begun: PurchaseRow, offer: OfferRow, at: datetime) -> bool:
    """Whether a new purchase may begin: the one begun before was not paid, and now never will be."""
    if begun.payment_id is None:
        if begun.offer_id == offer.pk:
            return False
        _ask_for_payment(begun, at)
        begun.refresh_from_db()
    assert begun.payment_id  # noqa: S101  it was just opened
    if begun.offer_id == offer.pk:
        payment = settle_payment(payment_id=begun.payment_id, at=at)
    else:
        payment = cancel_payment(payment_id=begun.payment_id, at=at)
    if payment.state not in NOTHING_CHARGED:
        _note_still_open(begun, payment.state)
        return False
    close_purchase(purchase_id=begun.pk, reason=payment.reason)
    return True


def _note_still_open(begun: PurchaseRow, state: PaymentState) -> None:
    """The gateway answers again, and still waits for the buyer."""
    if state is PaymentState.OPEN and begun.state == PurchaseState.UNKNOWN:
        PurchaseRow.objects.filter(pk=begun.pk, state=PurchaseState.UNKNOWN).update(
            state=PurchaseState.PENDING, reason=""
        )
        begun.refresh_from_db()


def _begin(
    viewer_id: uuid.UUID, offer: OfferRow, channel_id: uuid.UUID, idempotency_key: str, at: datetime
) -> PurchaseRow:
    try:
        with transaction.atomic(durable=True):
            purchase = PurchaseRow.objects.create(
                viewer_id=viewer_id,
                idempotency_key=idempotency_key,
                offer=offer,
                title_id=offer.title_id,
                channel_id=channel_id,
                kind=offer.kind,
                amount_minor=offer.amount_minor,
                currency=offer.currency,
                state=PurchaseState.PAID if offer.kind == OfferKind.FREE else PurchaseState.PENDING,
                created_at=at,
            )
            tell(Act.PURCHASE_BEGUN, purchase, actor_id=viewer_id)
            if offer.kind == OfferKind.FREE:
                grant(purchase, at)
    except IntegrityError as error:  # the other click, or the other tab, was faster by a blink
        purchase = PurchaseRow.objects.filter(viewer_id=viewer_id, title_id=offer.title_id).latest("created_at")
        if purchase.offer_id != offer.pk:
            raise IdempotencyConflictError(
                "Another purchase of this title has just begun. Load the page again."
            ) from error
    return purchase


def _ask_for_payment(purchase: PurchaseRow, at: datetime) -> Purchase:
    """Open the hosted page unless that is done. The purchase's id is the payment's key: however often, one payment."""
    if purchase.state == PurchaseState.PENDING and purchase.payment_id is None:
        payment = open_payment(
            reference=f"purchase:{purchase.pk}",
            amount=purchase.price,
            description=list_titles([purchase.title_id])[purchase.title_id].name,
            return_path=f"/checkout/{purchase.pk}",
            idempotency_key=f"purchase:{purchase.pk}",
            at=at,
        )
        purchase.payment_id, purchase.hosted_url = payment.id, payment.hosted_url
        purchase.save(update_fields=["payment_id", "hosted_url"])
    return purchase.to_record()
