"""A viewer gets a title, a collection, or a ticket to a broadcast, for the price they saw."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.catalog.api import list_titles
from footlights.kernel.errors import IdempotencyConflictError
from footlights.kernel.money import Money
from footlights.monetization.causes import reference_of
from footlights.monetization.errors import QuoteChangedError
from footlights.monetization.models import EventRow, PurchaseRow, columns_of
from footlights.monetization.naming import name_of
from footlights.monetization.operations.close_purchase import close_purchase
from footlights.monetization.operations.grant import grant
from footlights.monetization.operations.promising import promise
from footlights.monetization.operations.quote_offer import NO_CHOICE, quote_offer
from footlights.monetization.operations.redeeming import reserve
from footlights.monetization.operations.telling import tell
from footlights.monetization.records import NOWHERE, Choice, Offer, Purchase, PurchaseState, Quote
from footlights.payments.api import PaymentState, cancel_payment, open_payment, settle_payment
from footlights.taxes.api import note_evidence, note_reverse_charge

UNDECIDED = (PurchaseState.PENDING, PurchaseState.UNKNOWN)
NOTHING_CHARGED = frozenset({PaymentState.DECLINED, PaymentState.CANCELLED})


def buy_title(
    *,
    viewer_id: uuid.UUID,
    offer_id: uuid.UUID,
    idempotency_key: str,
    at: datetime,
    choice: Choice = NO_CHOICE,
    shown: Money | None = None,
    promised: str | None = None,
) -> Purchase:
    """Get a title, a collection, or a ticket by an offer: at once when nothing is to pay, else by a hosted page.

    `shown` is the total the viewer saw, `promised` the promise of that quote: with another one nothing is charged. Call
    outside a transaction. The same key is the same purchase; with another offer or total it raises
    IdempotencyConflictError. A viewer has one undecided purchase of a title at most, so a second tab comes to the same
    page; another offer or total closes the first page before a new one opens. Raises NotFoundError, OfferChangedError,
    QuoteChangedError, AlreadyYoursError, InvalidInputError, CouponRefusedError, GatewayUnreachableError (nothing was
    charged; repeat).
    """
    repeated = PurchaseRow.objects.filter(viewer_id=viewer_id, idempotency_key=idempotency_key).first()
    if repeated:
        if repeated.offer_id != offer_id or (shown is not None and shown != repeated.price):
            raise IdempotencyConflictError(_("This purchase was begun for another offer. Load the page again."))
        return _ask_for_payment(repeated, at)
    quote = quote_offer(viewer_id=viewer_id, offer_id=offer_id, at=at, choice=choice)
    if shown is not None and shown != quote.total:
        raise QuoteChangedError(_("The price has changed since you saw it."), was=shown, quote=quote)
    if promised is not None and promised != quote.promise:
        raise QuoteChangedError(_("What you get has changed since you saw it."), was=quote.total, quote=quote)
    begun = _undecided(viewer_id, quote.offer)
    if begun and not _is_out_of_the_way(begun, quote, at):
        return _ask_for_payment(begun, at)
    return _ask_for_payment(_begin(viewer_id, quote, choice, idempotency_key, at), at)


def _undecided(viewer_id: uuid.UUID, offer: Offer) -> PurchaseRow | None:
    return _purchases_of(viewer_id, offer).filter(state__in=UNDECIDED).first()


def _purchases_of(viewer_id: uuid.UUID, offer: Offer) -> QuerySet[PurchaseRow]:
    """Those of the same title, of the same collection, or to the same broadcast."""
    return PurchaseRow.objects.filter(
        viewer_id=viewer_id,
        title_id=offer.title_id,
        collection_id=offer.collection_id,
        broadcast_id=offer.broadcast_id,
    )


def _is_out_of_the_way(begun: PurchaseRow, quote: Quote, at: datetime) -> bool:
    """Whether a new purchase may begin: the one begun before was not paid, and now never will be."""
    if begun.payment_id is None:
        if _is_for(begun, quote):
            return False
        _ask_for_payment(begun, at)
        begun.refresh_from_db()
    assert begun.payment_id  # noqa: S101  it was just opened
    if _is_for(begun, quote):
        payment = settle_payment(payment_id=begun.payment_id, at=at)
    else:
        payment = cancel_payment(payment_id=begun.payment_id, at=at)
    if payment.state not in NOTHING_CHARGED:
        _note_still_open(begun, payment.state)
        return False
    close_purchase(purchase_id=begun.pk, reason=payment.reason)
    return True


def _is_for(begun: PurchaseRow, quote: Quote) -> bool:
    return begun.offer_id == quote.offer.id and begun.breakdown == quote.breakdown


def _note_still_open(begun: PurchaseRow, state: PaymentState) -> None:
    """The gateway answers again, and still waits for the buyer."""
    if state is PaymentState.OPEN and begun.state == PurchaseState.UNKNOWN:
        PurchaseRow.objects.filter(pk=begun.pk, state=PurchaseState.UNKNOWN).update(
            state=PurchaseState.PENDING, reason=""
        )
        begun.refresh_from_db()


def _begin(viewer_id: uuid.UUID, quote: Quote, choice: Choice, idempotency_key: str, at: datetime) -> PurchaseRow:
    offer = quote.offer
    try:
        with transaction.atomic(durable=True):
            purchase = PurchaseRow.objects.create(
                viewer_id=viewer_id,
                idempotency_key=idempotency_key,
                offer_id=offer.id,
                title_id=offer.title_id,
                collection_id=offer.collection_id,
                broadcast_id=offer.broadcast_id,
                channel_id=quote.channel_id,
                kind=offer.kind,
                country=choice.country or "",
                source=choice.source,
                **columns_of(quote.breakdown),
                state=PurchaseState.PENDING if quote.total else PurchaseState.PAID,
                created_at=at,
            )
            tell(Act.PURCHASE_BEGUN, purchase, actor_id=viewer_id)
            promise(purchase, quote.parts, at)
            if quote.coupon:
                reserve(purchase, quote.coupon, at)
            if choice.evidence != NOWHERE:
                note_evidence(reference=reference_of(purchase.pk), evidence=choice.evidence, at=at)
            if purchase.tax_reversed:
                number, country = choice.business_number, choice.country or ""
                note_reverse_charge(reference=reference_of(purchase.pk), number=number, country=country, at=at)
            if not quote.total:
                grant(purchase, at)
    except IntegrityError as error:  # the other click, or the other tab, was faster by a blink
        purchase = _purchases_of(viewer_id, offer).latest("created_at")
        if not _is_for(purchase, quote):
            raise IdempotencyConflictError("Another purchase of this has just begun. Load the page again.") from error
    return purchase


def _ask_for_payment(purchase: PurchaseRow, at: datetime) -> Purchase:
    """Open the hosted page unless that is done. The purchase's id is the payment's key: however often, one payment."""
    if purchase.state == PurchaseState.PENDING and purchase.payment_id is None:
        payment = open_payment(
            reference=reference_of(purchase.pk),
            amount=purchase.price,
            description=_name_of(purchase),
            return_path=f"/checkout/{purchase.pk}",
            idempotency_key=reference_of(purchase.pk),
            at=at,
            payer_id=purchase.viewer_id,
        )
        purchase.payment_id, purchase.hosted_url = payment.id, payment.hosted_url
        purchase.save(update_fields=["payment_id", "hosted_url"])
    return purchase.to_record()


def _name_of(purchase: PurchaseRow) -> str:
    if purchase.broadcast_id:
        event = EventRow.objects.values_list("name", flat=True).get(pk=purchase.broadcast_id)
        return _("Ticket: %(event)s") % {"event": event}
    if purchase.collection_id:
        return name_of(purchase.collection_id)
    return next(title.name for title in list_titles([purchase.title_id] if purchase.title_id else []).values())
