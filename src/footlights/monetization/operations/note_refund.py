"""Money went back: the books follow, and what it bought goes with the last of it."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.kernel.money import Money
from footlights.ledger.api import Entry, Posting, list_journal, post_journal, reverse_journal
from footlights.monetization import policies, refunding
from footlights.monetization.causes import refund_cause, sale_cause, undone_cause
from footlights.monetization.models import EntitlementRow, PurchaseRow, ReturnRow
from footlights.monetization.operations.document import document_refund, document_undone
from footlights.monetization.operations.fulfil_purchase import fulfil_purchase
from footlights.monetization.operations.grant_parts import grant_parts
from footlights.monetization.operations.promising import end_return, fall_with, hold_parts_again, release_parts
from footlights.monetization.operations.telling import tell
from footlights.monetization.records import PurchaseState
from footlights.payments.api import get_payment

GATEWAY, SUSPENSE = "gateway:", "platform:suspense"


def note_refund(
    *,
    purchase_id: uuid.UUID,
    payment_id: uuid.UUID,
    refund_id: uuid.UUID,
    amount: Money,
    charged: Money,
    is_whole: bool,
    at: datetime,
) -> None:
    """Book and credit what went back in proportion; with the last of it the entitlement ends. Repeatable.

    One transaction that locks the purchase, once for each refund, in whatever order they come. When the news of a
    refund overtakes that of the capture, the sale is booked first. Money that was charged otherwise than asked was
    never a sale: once all of it went back (`is_whole`), the purchase is closed.
    """
    if charged != PurchaseRow.objects.get(pk=purchase_id).price:
        if is_whole:
            _close_flagged(purchase_id, payment_id, at)
        return
    _take_back(purchase_id, payment_id, refund_id, amount, memo="Refund", out_of=None, at=at)


def note_lost_dispute(
    *, purchase_id: uuid.UUID, payment_id: uuid.UUID, dispute_id: uuid.UUID, amount: Money, at: datetime
) -> None:
    """The bank took the money back for good: it comes out of the shares of the sale, as a refund's would. Repeatable.

    Payments has put what was lost into suspense, so that is where this takes it from. What was charged otherwise than
    asked was never a sale, and has no shares. Never more than the sale still holds: what had gone back before its buyer
    asked the bank stays in suspense, for a person.
    """
    if get_payment(payment_id).charged_amount == PurchaseRow.objects.get(pk=purchase_id).price:
        _take_back(purchase_id, payment_id, dispute_id, amount, memo="Lost dispute", out_of=SUSPENSE, at=at)


def _take_back(
    purchase_id: uuid.UUID,
    payment_id: uuid.UUID,
    refund_id: uuid.UUID,
    amount: Money,
    *,
    memo: str,
    out_of: str | None,
    at: datetime,
) -> None:
    """`out_of`: where the money is by now, when it is not with the gateway."""
    fulfil_purchase(purchase_id=purchase_id, payment_id=payment_id, at=at)
    with transaction.atomic():
        purchase = PurchaseRow.objects.select_for_update(no_key=True).get(pk=purchase_id)
        if out_of:
            amount = min(amount, purchase.money(purchase.amount_minor - purchase.refunded_minor))
        _row, is_new = ReturnRow.objects.get_or_create(
            refund_id=refund_id, defaults={"purchase": purchase, "amount_minor": amount.amount_minor, "at": at}
        )
        end_return(purchase_id)
        if not is_new or not amount:
            return
        postings = [
            Posting(out_of, each.amount) if out_of and each.account.startswith(GATEWAY) else each
            for each in refunding.return_postings(_entries(purchase), amount)
        ]
        post_journal(
            cause=refund_cause(purchase_id, refund_id),
            postings=postings,
            at=at,
            memo=memo,
            about=purchase.about,
        )
        _count(purchase, postings, amount, at)
        if purchase.refunded_minor == purchase.amount_minor:
            _end(purchase, at)
        tell(Act.PURCHASE_REFUNDED, purchase, actor_id=None, payment_id=payment_id, returned=str(amount.decimal))
        tax = sum((each.amount for each in postings if each.account.startswith("tax:")), purchase.money(0))
        document_refund(purchase, cause=refund_cause(purchase_id, refund_id), returned=amount, tax=tax, at=at)


def undo_refund(*, purchase_id: uuid.UUID, refund_id: uuid.UUID, amount: Money, at: datetime) -> None:
    """A refund came back to us: so does what it took. One transaction that locks the purchase. Repeatable.

    When this overtakes the news of the refund itself, that refund is never booked.
    """
    with transaction.atomic():
        purchase = PurchaseRow.objects.select_for_update(no_key=True).get(pk=purchase_id)
        end_return(purchase_id)
        row, is_new = ReturnRow.objects.get_or_create(
            refund_id=refund_id,
            defaults={"purchase": purchase, "amount_minor": amount.amount_minor, "at": at, "undone_at": at},
        )
        if is_new or row.undone_at:
            return
        row.undone_at = at
        row.save(update_fields=["undone_at"])
        cause = refund_cause(purchase_id, refund_id)
        postings = [Posting(entry.account, -entry.amount) for entry in list_journal(cause)]
        reverse_journal(
            reversed_cause=cause, cause=undone_cause(purchase_id, refund_id), at=at, memo="Refund came back"
        )
        _count(purchase, postings, -amount, at)
        if purchase.state == PurchaseState.REFUNDED:
            purchase.state, purchase.refunded_at = PurchaseState.PAID, None
            purchase.save(update_fields=["state", "refunded_at"])
            EntitlementRow.objects.filter(purchase=purchase).update(revoked_at=None)
            hold_parts_again(purchase_id)
            if purchase.collection_id:
                grant_parts(purchase, at)
        document_undone(cause=undone_cause(purchase_id, refund_id), refund=cause, at=at)


def _entries(purchase: PurchaseRow) -> Iterable[Entry]:
    """Of the sale and of what went back; what a dispute took out of suspense had been the gateway's."""
    sale = list_journal(sale_cause(purchase.pk))
    yield from sale
    gateway = next(entry.account for entry in sale if entry.account.startswith(GATEWAY))
    for refund_id in purchase.returns.filter(undone_at=None).values_list("refund_id", flat=True):
        for entry in list_journal(refund_cause(purchase.pk, refund_id)):
            yield replace(entry, account=gateway) if entry.account == SUSPENSE else entry


def _count(purchase: PurchaseRow, postings: Iterable[Posting], amount: Money, at: datetime) -> None:
    """Add up what of tax, fee, collaborators' shares and the platform's own went back."""
    parts = refunding.parts_returned(postings, own=policies.creator_account(purchase.channel_id))
    purchase.refunded_minor += amount.amount_minor
    purchase.refunded_at = at
    purchase.refunded_fee_minor += parts.fee_minor
    purchase.refunded_tax_minor += parts.tax_minor
    purchase.refunded_shared_minor += parts.shared_minor
    purchase.refunded_borne_minor += parts.borne_minor
    purchase.save(
        update_fields=[
            "refunded_at",
            "refunded_minor",
            "refunded_fee_minor",
            "refunded_tax_minor",
            "refunded_shared_minor",
            "refunded_borne_minor",
        ]
    )


def _end(purchase: PurchaseRow, at: datetime) -> None:
    EntitlementRow.objects.filter(purchase=purchase, revoked_at=None).update(revoked_at=at)
    purchase.state = PurchaseState.REFUNDED
    purchase.save(update_fields=["state"])
    release_parts(purchase.pk)
    fall_with(purchase, at)


def _close_flagged(purchase_id: uuid.UUID, payment_id: uuid.UUID, at: datetime) -> None:
    with transaction.atomic():
        purchase = PurchaseRow.objects.select_for_update(no_key=True).get(pk=purchase_id)
        if purchase.state == PurchaseState.REFUNDED:
            return
        purchase.state, purchase.refunded_at = PurchaseState.REFUNDED, at
        purchase.save(update_fields=["state", "refunded_at"])
        tell(Act.PURCHASE_REFUNDED, purchase, actor_id=None, payment_id=payment_id)
