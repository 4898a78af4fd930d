"""Ask for money that was given to go back: by whoever may, or by its giver where the terms let them."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission, find_person, permissions_of
from footlights.audit.api import Act
from footlights.catalog.api import may
from footlights.giving.errors import NotReturnableError
from footlights.giving.models import IS_WAITING, GiftRow, Given, TipRow
from footlights.giving.operations.note_refund import note_refund
from footlights.giving.operations.telling import tell
from footlights.giving.queries import get_gift, get_tip, why_gift_not_returned, why_tip_not_returned
from footlights.giving.records import Gift, State, Tip
from footlights.kernel.errors import NotFoundError
from footlights.payments.api import NothingToRefundError, RefundState, list_refunds, refund_payment


def refund_tip(*, tip_id: uuid.UUID, by_id: uuid.UUID, idempotency_key: str, at: datetime) -> Tip:
    """The channel, or an administrator, gives all of a tip back; once for each key.

    Call outside a transaction. When the gateway does not answer now, the refund is kept and finished by the sweep.
    Raises NotFoundError (also to strangers), NothingToRefundError.
    """
    row = TipRow.objects.filter(pk=tip_id).first()
    if row is None or not may_refund(row, by_id):
        raise NotFoundError("There is no such tip.")
    give_back(row, idempotency_key=idempotency_key, at=at)
    return row.to_record()


def return_tip(*, tip_id: uuid.UUID, giver_id: uuid.UUID, at: datetime) -> Tip:
    """Its giver takes it back, where the terms let them. Safe to repeat.

    Call outside a transaction. Raises NotFoundError, NotReturnableError with the reason.
    """
    tip = get_tip(tip_id, giver_id)
    if tip.state is not State.REFUNDED and (why_not := why_tip_not_returned(tip, at)):
        raise NotReturnableError(why_not)
    row = TipRow.objects.get(pk=tip_id)
    give_back(row, idempotency_key=f"return:{row.reference}", at=at)
    return row.to_record()


def return_promised_tip(*, tip_id: uuid.UUID, at: datetime) -> Tip:
    """What its giver was promised to have back unless something happened, which did not. Safe to repeat.

    Whether it was promised is for the caller to know. Call outside a transaction. Raises NotFoundError.
    """
    row = TipRow.objects.filter(pk=tip_id).first()
    if row is None:
        raise NotFoundError("There is no such tip.")
    if row.state != State.REFUNDED:
        give_back(row, idempotency_key=f"promise:{row.reference}", at=at)
    return row.to_record()


def refund_gift(*, gift_id: uuid.UUID, by_id: uuid.UUID, idempotency_key: str, at: datetime) -> Gift:
    """The channel, or an administrator, gives all of a gift's money back, opened or not; once for each key.

    Call outside a transaction. Raises as refund_tip.
    """
    row = GiftRow.objects.filter(pk=gift_id).first()
    if row is None or not may_refund(row, by_id):
        raise NotFoundError("There is no such gift.")
    withdraw(row, by_id, at)
    give_back(row, idempotency_key=idempotency_key, at=at)
    return row.to_record()


def return_gift(*, gift_id: uuid.UUID, giver_id: uuid.UUID, at: datetime) -> Gift:
    """Its giver has the money back while nobody has opened it, where the terms let them. Safe to repeat.

    The gift is withdrawn first, so that nobody opens what is being paid back. Call outside a transaction. Raises
    NotFoundError, NotReturnableError with the reason.
    """
    gift = get_gift(gift_id, giver_id)
    if gift.withdrawn_at is None and gift.state is not State.REFUNDED:
        if why_not := why_gift_not_returned(gift, at):
            raise NotReturnableError(why_not)
        if not withdraw(GiftRow(pk=gift_id), giver_id, at):
            raise NotReturnableError(_("It was opened this moment: it is theirs now."))
    row = GiftRow.objects.get(pk=gift_id)
    give_back(row, idempotency_key=f"return:{row.reference}", at=at)
    return row.to_record()


def withdraw(row: GiftRow, by_id: uuid.UUID | None, at: datetime) -> bool:
    """A compare-and-set: what was opened stays opened."""
    with transaction.atomic():
        waiting = GiftRow.objects.filter(IS_WAITING, pk=row.pk, state=State.PAID)
        if not waiting.update(withdrawn_at=at, send_at=None):
            return False
        tell(Act.GIFT_WITHDRAWN, GiftRow.objects.get(pk=row.pk), actor_id=by_id)
    return True


def give_back(row: Given, *, idempotency_key: str, at: datetime) -> None:
    """Ask payments for it, and book what is done already."""
    if row.payment_id is None:
        raise NothingToRefundError("Nothing was paid for this, so there is nothing to give back.")
    payment = refund_payment(payment_id=row.payment_id, idempotency_key=idempotency_key, at=at)
    for refund in list_refunds(payment.id):
        if refund.state is RefundState.DONE:
            note_refund(
                reference=row.reference,
                payment_id=payment.id,
                refund_id=refund.id,
                amount=refund.amount,
                charged=payment.charged_amount,
                is_whole=payment.refunded == payment.charged_amount,
                at=at,
            )
    row.refresh_from_db()


def may_refund(row: Given, by_id: uuid.UUID) -> bool:
    person = find_person(by_id)
    if person and Permission.REFUND_PAYMENTS in permissions_of(person.roles):
        return True
    return may(by_id, Permission.REFUND_SALES, row.channel_id)
