"""Money of a period went back."""

import uuid

from django.db import transaction

from footlights.audit.api import Act
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, list_journal, post_journal, reverse_journal
from footlights.payments.api import get_payment
from footlights.payments.events import PaymentRefunded, RefundFailed
from footlights.subscriptions.causes import (
    refund_cause,
    refund_failed_cause,
    unneeded_cause,
    unneeded_refund_cause,
)
from footlights.subscriptions.models import AttemptRow, InvoiceRow, SubscriptionRow
from footlights.subscriptions.operations.earn import close, earn_until
from footlights.subscriptions.operations.membership import end
from footlights.subscriptions.operations.moving import lock
from footlights.subscriptions.operations.note_paid import SUSPENSE, note_paid
from footlights.subscriptions.operations.receipt import credit
from footlights.subscriptions.operations.taxing import tax_account
from footlights.subscriptions.operations.telling import tell
from footlights.subscriptions.policies import earning
from footlights.subscriptions.policies.states import BELONGS
from footlights.subscriptions.records import InvoiceState, State
from footlights.taxes.api import tax_returned


def note_refunded(*, attempt_id: uuid.UUID, event: PaymentRefunded) -> None:
    """Book what went back; once for each refund however often it is called. Locks the subscription.

    All of it: the period is over and so is the membership, and what nobody had earned yet goes back first. A part of
    it, of a subscription that was ended for it: the same. A part of one that goes on: each bears it in proportion.
    """
    note_paid(attempt_id=attempt_id, payment_id=event.payment_id, at=event.at)  # when this news overtook that
    with transaction.atomic():
        row = lock(AttemptRow.objects.values_list("invoice__subscription_id", flat=True).get(pk=attempt_id))
        attempt = AttemptRow.objects.select_related("invoice").get(pk=attempt_id)
        invoice = attempt.invoice
        if attempt.is_unneeded:
            cause = unneeded_refund_cause(attempt_id)
            reverse_journal(reversed_cause=unneeded_cause(attempt_id), cause=cause, at=event.at, memo="Given back")
        elif not list_journal(refund_cause(invoice.pk, event.refund_id)):
            _book(row, invoice, event)


def note_refund_failed(*, attempt_id: uuid.UUID, event: RefundFailed) -> None:
    """The money is here again: it lies in suspense until somebody finds another way to give it back."""
    invoice_id = AttemptRow.objects.values_list("invoice_id", flat=True).get(pk=attempt_id)
    gateway = get_payment(event.payment_id).gateway
    postings = [Posting(f"gateway:{gateway}", event.amount), Posting(SUSPENSE, -event.amount)]
    cause = refund_failed_cause(invoice_id, event.refund_id)
    post_journal(cause=cause, postings=postings, at=event.at, memo="A refund came back")


def _book(row: SubscriptionRow, invoice: InvoiceRow, event: PaymentRefunded) -> None:
    before = Money(invoice.refunded_minor, invoice.currency)
    tax = tax_returned(tax=invoice.tax, gross=invoice.amount, returned_before=before, returned=event.amount)
    back = event.amount - tax
    invoice.refunded_minor += event.amount.amount_minor
    is_current = invoice.closed_at is None
    is_over = is_current and (event.is_whole or row.state == State.ENDED)
    if is_over:
        earn_until(row, invoice, min(event.at, row.ended_at or event.at))
        borne = earning.take_back(
            invoice.parts, day=invoice.earned_days, days=invoice.days, back=back, deferred=row.account
        )
        invoice.state = InvoiceState.REFUNDED if event.is_whole else invoice.state
        close(invoice, event.at)
    else:
        borne = earning.give_some_back(invoice.parts, back=back) if back else []
        invoice.save(update_fields=["refunded_minor"])
    gone = [Posting(f"gateway:{get_payment(event.payment_id).gateway}", -event.amount)]
    gone += [Posting(tax_account(row, invoice), tax)] if tax else []
    post_journal(
        cause=refund_cause(invoice.pk, event.refund_id),
        postings=[*borne, *gone],
        at=event.at,
        memo="Refund",
        about=f"plan:{invoice.terms.plan_id}",
    )
    tell(Act.SUBSCRIPTION_REFUNDED, row, actor_id=None, price=f"{event.amount.decimal} {event.amount.currency}")
    if is_over and row.state in BELONGS:
        end(row, "refunded", event.at)
    credit(invoice, event.refund_id, returned=event.amount, tax=tax, at=event.at)
