"""Money of a period went back: the seller gave it, or the buyer's bank took it for good."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, list_journal, post_journal, reverse_journal
from footlights.monetization.api import COUPONS
from footlights.payments.api import get_payment
from footlights.payments.events import DisputeClosed, PaymentRefunded, RefundFailed
from footlights.subscriptions.causes import (
    refund_cause,
    refund_failed_cause,
    unneeded_cause,
    unneeded_refund_cause,
)
from footlights.subscriptions.models import AttemptRow, InvoiceRow, SubscriptionRow
from footlights.subscriptions.operations.earn import close, earn_until
from footlights.subscriptions.operations.leave import stop
from footlights.subscriptions.operations.membership import end
from footlights.subscriptions.operations.moving import lock
from footlights.subscriptions.operations.note_declined import note_declined, void
from footlights.subscriptions.operations.note_paid import SUSPENSE, note_paid
from footlights.subscriptions.operations.pass_money import note_gone
from footlights.subscriptions.operations.receipt import credit
from footlights.subscriptions.operations.taxing import tax_account
from footlights.subscriptions.operations.telling import tell
from footlights.subscriptions.policies import earning
from footlights.subscriptions.policies.states import BELONGS, Move
from footlights.subscriptions.records import InvoiceState, State
from footlights.taxes.api import tax_returned

OTHERWISE = "Another amount than asked was charged. It went back."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Return:
    """`out_of`: where the money was when it went. `reason`: why the subscription ends with the last of it."""

    id: uuid.UUID
    amount: Money
    is_whole: bool
    out_of: str
    memo: str
    reason: str
    at: datetime


def note_refunded(*, attempt_id: uuid.UUID, event: PaymentRefunded) -> None:
    """Book what went back; once for each refund however often it is called. Locks the subscription.

    All of it: the period is over and so is the membership, and what nobody had earned yet goes back first. A part of
    it, of a subscription that was ended for it: the same. A part of one that goes on: each bears it in proportion.
    What was charged otherwise than asked was never a period, and payments books it: with the last of it nothing was
    paid.
    """
    if event.charged != InvoiceRow.objects.get(attempts=attempt_id).amount:
        if event.is_whole:
            note_declined(attempt_id=attempt_id, reason=OTHERWISE, at=event.at)
        return
    note_paid(attempt_id=attempt_id, payment_id=event.payment_id, at=event.at)  # when this news overtook that
    with transaction.atomic():
        row = lock(AttemptRow.objects.values_list("invoice__subscription_id", flat=True).get(pk=attempt_id))
        attempt = AttemptRow.objects.select_related("invoice").get(pk=attempt_id)
        invoice = attempt.invoice
        if attempt.is_unneeded:
            cause = unneeded_refund_cause(attempt_id)
            reverse_journal(reversed_cause=unneeded_cause(attempt_id), cause=cause, at=event.at, memo="Given back")
        elif not list_journal(refund_cause(invoice.pk, event.refund_id)):
            back = _Return(
                id=event.refund_id,
                amount=event.amount,
                is_whole=event.is_whole,
                out_of=f"gateway:{get_payment(event.payment_id).gateway}",
                memo="Refund",
                reason="refunded",
                at=event.at,
            )
            _book(row, invoice, back)


def note_lost_dispute(*, attempt_id: uuid.UUID, event: DisputeClosed) -> None:
    """The bank took the money for good: it comes out of the period as a refund's would. Repeatable. Locks as that does.

    Payments has put what was lost into suspense, so that is where this takes it from. Of a period that runs, the
    membership is over; whoever lost us an earlier one keeps what they paid since, and nothing more is charged. What
    came too late lay in suspense already, and what was charged otherwise than asked was never a period: neither has
    parts. Never more than the period still holds; what was lost beyond that stays in suspense, for a person.
    """
    attempt = AttemptRow.objects.select_related("invoice").get(pk=attempt_id)
    if get_payment(event.payment_id).charged_amount != attempt.invoice.amount:
        return
    note_paid(attempt_id=attempt_id, payment_id=event.payment_id, at=event.at)
    with transaction.atomic():
        row = lock(attempt.invoice.subscription_id)
        attempt.refresh_from_db(fields=["is_unneeded"])
        invoice = InvoiceRow.objects.get(pk=attempt.invoice_id)
        rest = Money(invoice.amount_minor - invoice.refunded_minor, invoice.currency)
        taken = min(event.amount, rest)
        if attempt.is_unneeded or not taken or list_journal(refund_cause(invoice.pk, event.dispute_id)):
            return
        lost = _Return(
            id=event.dispute_id,
            amount=taken,
            is_whole=taken == rest,
            out_of=SUSPENSE,
            memo="Lost dispute",
            reason="disputed",
            at=event.at,
        )
        _book(row, invoice, lost)
        if row.state in Move.CANCEL.sources:
            stop(row, actor_id=None, at=event.at)


def note_refund_failed(*, attempt_id: uuid.UUID, event: RefundFailed) -> None:
    """The money is here again: it lies in suspense until somebody finds another way to give it back.

    What was charged otherwise than asked lies there by payments' own booking.
    """
    invoice, payment = InvoiceRow.objects.get(attempts=attempt_id), get_payment(event.payment_id)
    if payment.charged_amount != invoice.amount:
        return
    postings = [Posting(f"gateway:{payment.gateway}", event.amount), Posting(SUSPENSE, -event.amount)]
    cause = refund_failed_cause(invoice.pk, event.refund_id)
    post_journal(cause=cause, postings=postings, at=event.at, memo="A refund came back")


def _book(row: SubscriptionRow, invoice: InvoiceRow, gone: _Return) -> None:
    before = Money(invoice.refunded_minor, invoice.currency)
    tax = tax_returned(tax=invoice.tax, gross=invoice.amount, returned_before=before, returned=gone.amount)
    again = invoice.borne_again(gone.amount)
    back = gone.amount - tax + again
    invoice.refunded_minor += gone.amount.amount_minor
    is_current = invoice.closed_at is None
    is_over = is_current and (gone.is_whole or row.state == State.ENDED)
    if is_over:
        earn_until(row, invoice, min(gone.at, row.ended_at or gone.at))
        borne = earning.take_back(
            invoice.parts, day=invoice.earned_days, days=invoice.days, back=back, deferred=row.account
        )
        invoice.state = InvoiceState.REFUNDED if gone.is_whole else invoice.state
        close(invoice, gone.at)
    else:
        borne = earning.give_some_back(invoice.parts, back=back) if back else []
        invoice.save(update_fields=["refunded_minor"])
    note_gone(invoice, borne, gone.at)
    left = [Posting(gone.out_of, -gone.amount)]
    left += [Posting(tax_account(row, invoice), tax)] if tax else []
    left += [Posting(COUPONS, -again)] if again else []
    post_journal(
        cause=refund_cause(invoice.pk, gone.id),
        postings=[*borne, *left],
        at=gone.at,
        memo=gone.memo,
        about=f"plan:{invoice.terms.plan_id}",
    )
    tell(Act.SUBSCRIPTION_REFUNDED, row, actor_id=None, price=f"{gone.amount.decimal} {gone.amount.currency}")
    is_followed = row.invoices.filter(state=InvoiceState.PAID, number__gt=invoice.number).exists()
    if is_over and row.state in BELONGS and not is_followed:
        for owed in InvoiceRow.objects.filter(subscription=row, state=InvoiceState.OPEN):
            void(owed)
        end(row, gone.reason, gone.at)
    credit(invoice, gone.id, returned=gone.amount, tax=tax, at=gone.at)
