"""A broadcast does not take place, or its seller decided so: everybody gets back what they paid for it."""

import logging
import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.audit.api import Act, record
from footlights.catalog.api import may
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.events import publish
from footlights.monetization.events import EventOver
from footlights.monetization.models import EntitlementRow, EventRow, PurchaseRow
from footlights.monetization.operations.close_purchase import close_purchase
from footlights.monetization.operations.deferring import defer_return, defer_returns
from footlights.monetization.operations.fulfil_purchase import fulfil_purchase
from footlights.monetization.operations.grant_ticket import LIVING
from footlights.monetization.operations.refund_purchase import give_back
from footlights.monetization.records import PurchaseState
from footlights.payments.api import NothingToRefundError, PaymentState, cancel_payment

logger = logging.getLogger(__name__)

NOTHING_CHARGED = frozenset({PaymentState.DECLINED, PaymentState.CANCELLED})


def give_back_tickets(*, broadcast_id: uuid.UUID, by_id: uuid.UUID, at: datetime) -> None:
    """Whoever may refund the channel's sales gives all its tickets back once it is over. Safe to repeat.

    Raises NotFoundError, also to strangers, and InvalidInputError while it is not over.
    """
    with transaction.atomic():
        event = EventRow.objects.select_for_update(no_key=True).filter(pk=broadcast_id).first()
        if event is None or not may(by_id, Permission.REFUND_SALES, event.channel_id):
            raise NotFoundError("There is no such broadcast.")
        if event.over_at is None:
            raise InvalidInputError(_("It is not over. To give all tickets back before it began, cancel it."))
        if event.given_back_at is None:
            promise_all_back(event, at)
            record(
                act=Act.TICKETS_GIVEN_BACK,
                object_kind="broadcast",
                object_id=broadcast_id,
                channel_id=event.channel_id,
                after={"name": event.name},
            )


def promise_all_back(event: EventRow, at: datetime) -> None:
    """From now on what is paid for it goes back. Joins the caller's transaction, with the event locked.

    Publishes EventOver.
    """
    event.given_back_at = at
    event.save(update_fields=["given_back_at"])
    defer_returns(event.pk)
    publish(EventOver(event.pk, given_back=True, at=at))


def give_back_all(*, broadcast_id: uuid.UUID) -> None:
    """Begin a job for each ticket, so that one that fails keeps no other waiting. Safe to repeat."""
    rows = PurchaseRow.objects.filter(broadcast_id=broadcast_id, state__in=LIVING).order_by("pk")
    with transaction.atomic():
        for purchase_id in rows.values_list("pk", flat=True):
            defer_return(purchase_id)


def give_back_ticket(*, purchase_id: uuid.UUID, at: datetime) -> None:
    """All that is left of what was paid for it; once, however often it is called. Call outside a transaction.

    What nobody has paid yet is closed. Where a bank has the money already, its dispute decides. Raises
    GatewayUnreachableError and GatewayRefusedError: repeat.
    """
    purchase = PurchaseRow.objects.get(pk=purchase_id)
    if purchase.state in {PurchaseState.PENDING, PurchaseState.UNKNOWN}:
        _close(purchase, at)
        purchase.refresh_from_db()
    if purchase.state == PurchaseState.PAID and not purchase.amount_minor:
        _take(purchase, at)
    elif purchase.state == PurchaseState.PAID:
        try:
            give_back(purchase, idempotency_key=f"tickets:{purchase.broadcast_id}:{purchase_id}", at=at)
        except NothingToRefundError as error:
            logger.info("A ticket is not given back: %s", error, extra={"purchase_id": str(purchase_id)})


def _close(purchase: PurchaseRow, at: datetime) -> None:
    """Nobody pays on its page any more. One that was paid meanwhile is a sale, whose news may be on its way."""
    if purchase.payment_id is None:
        close_purchase(purchase_id=purchase.pk, reason="")
        return
    payment = cancel_payment(payment_id=purchase.payment_id, at=at)
    if payment.state in NOTHING_CHARGED:
        close_purchase(purchase_id=purchase.pk, reason=payment.reason)
    elif payment.state is PaymentState.CAPTURED:
        fulfil_purchase(purchase_id=purchase.pk, payment_id=payment.id, at=at)


def _take(purchase: PurchaseRow, at: datetime) -> None:
    """It cost nothing: only the ticket goes."""
    with transaction.atomic():
        taken = PurchaseRow.objects.filter(pk=purchase.pk, state=PurchaseState.PAID)
        if taken.update(state=PurchaseState.REFUNDED, refunded_at=at):
            EntitlementRow.objects.filter(purchase=purchase, revoked_at=None).update(revoked_at=at)
