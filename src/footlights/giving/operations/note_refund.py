"""Money that was given went back: the books follow."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.giving import policies
from footlights.giving.causes import paid_cause, redeemed_cause, refund_cause, undone_cause
from footlights.giving.events import TipReturned
from footlights.giving.models import GiftRow, Given, ReturnRow, TipRow
from footlights.giving.operations.document import document_refund, document_undone
from footlights.giving.operations.finding import find, lock
from footlights.giving.operations.letting import let_watch, take_away
from footlights.giving.operations.note_paid import note_paid
from footlights.giving.operations.telling import tell
from footlights.giving.records import State
from footlights.kernel.events import publish
from footlights.kernel.money import Money
from footlights.ledger.api import Entry, Posting, list_journal, post_journal, reverse_journal
from footlights.monetization.api import parts_returned, return_postings
from footlights.payments.api import get_payment

GATEWAY, SUSPENSE = "gateway:", "platform:suspense"
REFUNDED = {"tip": Act.TIP_REFUNDED, "gift": Act.GIFT_REFUNDED}


def note_refund(
    *,
    reference: str,
    payment_id: uuid.UUID,
    refund_id: uuid.UUID,
    amount: Money,
    charged: Money,
    is_whole: bool,
    at: datetime,
) -> None:
    """Book and credit what went back in proportion; with the last of it nothing is given any more. Repeatable.

    One transaction that locks what was given, once for each refund, in whatever order they come. When the news of a
    refund overtakes that of the capture, the capture is booked first. What was charged otherwise than asked was never
    given: once all of it went back (`is_whole`), it is closed.
    """
    if charged != find(reference).amount:
        if is_whole:
            _close_flagged(reference, payment_id, at)
        return
    _take_back(reference, payment_id, refund_id, amount, memo="Refund", out_of=None, at=at)


def note_lost_dispute(
    *, reference: str, payment_id: uuid.UUID, dispute_id: uuid.UUID, amount: Money, at: datetime
) -> None:
    """The bank took the money back for good: it comes out of the shares, as a refund's would. Repeatable.

    Payments has put what was lost into suspense, so that is where this takes it from. What was charged otherwise than
    asked was never given, and has no shares. Never more than is left of it: the rest stays in suspense, for a person.
    """
    if get_payment(payment_id).charged_amount == find(reference).amount:
        _take_back(reference, payment_id, dispute_id, amount, memo="Lost dispute", out_of=SUSPENSE, at=at)


def _take_back(
    reference: str,
    payment_id: uuid.UUID,
    refund_id: uuid.UUID,
    amount: Money,
    *,
    memo: str,
    out_of: str | None,
    at: datetime,
) -> None:
    """`out_of`: where the money is by now, when it is not with the gateway."""
    note_paid(reference=reference, payment_id=payment_id, at=at)
    with transaction.atomic():
        row = lock(reference)
        if out_of:
            amount = min(amount, row.money(row.amount_minor - row.refunded_minor))
        _row, is_new = ReturnRow.objects.get_or_create(
            refund_id=refund_id, defaults={"reference": reference, "amount_minor": amount.amount_minor, "at": at}
        )
        if not is_new or not amount:
            return
        postings = [
            Posting(out_of, each.amount) if out_of and each.account.startswith(GATEWAY) else each
            for each in return_postings(entries_of(row), amount)
        ]
        cause = refund_cause(reference, refund_id)
        post_journal(cause=cause, postings=postings, at=at, memo=memo, about=row.about)
        _count(row, postings, amount, at)
        if row.refunded_minor == row.amount_minor:
            row.state = State.REFUNDED
            take_away(row, at)
            if isinstance(row, TipRow):
                publish(TipReturned(row.pk, at))
        row.save()
        tell(REFUNDED[row.KIND], row, actor_id=None, payment_id=payment_id, returned=str(amount.decimal))
        document_refund(row, cause=cause, returned=amount, tax=_tax(row, postings), at=at)


def undo_refund(*, reference: str, refund_id: uuid.UUID, amount: Money, at: datetime) -> None:
    """A refund came back to us: so does what it took. One transaction that locks what was given. Repeatable.

    When this overtakes the news of the refund itself, that refund is never booked.
    """
    with transaction.atomic():
        row = lock(reference)
        returned, is_new = ReturnRow.objects.get_or_create(
            refund_id=refund_id,
            defaults={"reference": reference, "amount_minor": amount.amount_minor, "at": at, "undone_at": at},
        )
        if is_new or returned.undone_at:
            return
        returned.undone_at = at
        returned.save(update_fields=["undone_at"])
        cause, undone = refund_cause(reference, refund_id), undone_cause(reference, refund_id)
        postings = [Posting(entry.account, -entry.amount) for entry in list_journal(cause)]
        reverse_journal(reversed_cause=cause, cause=undone, at=at, memo="Refund came back")
        _count(row, postings, -amount, at)
        if row.state == State.REFUNDED:
            row.state, row.refunded_at = State.PAID, None
            _give_again(row, at)
        row.save()
        document_undone(cause=undone, refund=cause, at=at)


def _give_again(row: Given, at: datetime) -> None:
    """A gift can be opened again, or watched again by who opened it."""
    if isinstance(row, GiftRow):
        row.withdrawn_at = None
        if row.redeemed_by:
            let_watch(row, row.redeemed_by, at)


def entries_of(row: Given) -> Iterable[Entry]:
    """Of all that was booked of it; what a dispute took out of suspense had been the gateway's."""
    paid = list_journal(paid_cause(row.reference))
    yield from paid
    yield from list_journal(redeemed_cause(row.reference))
    gateway = next(entry.account for entry in paid if entry.account.startswith(GATEWAY))
    returns = ReturnRow.objects.filter(reference=row.reference, undone_at=None)
    for refund_id in returns.values_list("refund_id", flat=True):
        for entry in list_journal(refund_cause(row.reference, refund_id)):
            yield replace(entry, account=gateway) if entry.account == SUSPENSE else entry


def _count(row: Given, postings: Iterable[Posting], amount: Money, at: datetime) -> None:
    """Add up what of the tax, the fee and of collaborators' shares went back."""
    parts = parts_returned(postings, own=policies.creator_account(row.channel_id))
    row.refunded_minor += amount.amount_minor
    row.refunded_at = at
    row.refunded_fee_minor += parts.fee_minor
    row.refunded_tax_minor += parts.tax_minor
    row.refunded_shared_minor += parts.shared_minor


def _tax(row: Given, postings: Iterable[Posting]) -> Money:
    return sum((each.amount for each in postings if each.account.startswith("tax:")), row.money(0))


def _close_flagged(reference: str, payment_id: uuid.UUID, at: datetime) -> None:
    with transaction.atomic():
        row = lock(reference)
        if row.state == State.REFUNDED:
            return
        row.state, row.refunded_at = State.REFUNDED, at
        row.save(update_fields=["state", "refunded_at"])
        tell(REFUNDED[row.KIND], row, actor_id=None, payment_id=payment_id)
