"""The money for a period is there."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.kernel import events
from footlights.kernel.money import Money
from footlights.ledger.api import Posting, post_journal
from footlights.monetization.api import COUPONS, release_membership
from footlights.payments.api import get_payment
from footlights.subscriptions.causes import paid_cause, unneeded_cause
from footlights.subscriptions.events import SubscriptionBegan
from footlights.subscriptions.models import AttemptRow, InvoiceRow, SubscriptionRow
from footlights.subscriptions.models.subscriptions import IS_LIVING
from footlights.subscriptions.operations.earn import carry_over, earn_from, parts_for
from footlights.subscriptions.operations.lowering import settle
from footlights.subscriptions.operations.membership import let_in
from footlights.subscriptions.operations.moving import change, lock, move
from footlights.subscriptions.operations.receipt import give_receipt
from footlights.subscriptions.operations.taxing import tax_account
from footlights.subscriptions.operations.telling import tell
from footlights.subscriptions.policies import coupons
from footlights.subscriptions.policies.periods import MONTHS, months_after
from footlights.subscriptions.policies.states import Move
from footlights.subscriptions.records import AttemptState, Interval, InvoiceState, State

SUSPENSE = "platform:suspense"


def note_paid(*, attempt_id: uuid.UUID, payment_id: uuid.UUID, at: datetime) -> None:
    """Journal, period, membership and states in one transaction, once for each attempt however often it is called.

    Locks the subscription. Money for what is not wanted any more (the invoice was paid otherwise, or given up, and they
    are not to come in by it) lies in suspense, and a job gives it back. Publishes SubscriptionBegan.
    """
    from footlights.subscriptions.jobs import give_back  # noqa: PLC0415  jobs.py imports the operations

    gateway = get_payment(payment_id).gateway
    with transaction.atomic():
        row = lock(AttemptRow.objects.values_list("invoice__subscription_id", flat=True).get(pk=attempt_id))
        attempt = AttemptRow.objects.select_related("invoice__terms").get(pk=attempt_id)
        if attempt.state == AttemptState.PAID or attempt.is_unneeded:
            return
        attempt.payment_id, attempt.decided_at = payment_id, at
        if not _is_wanted(row, attempt.invoice):
            received = Posting(f"gateway:{gateway}", attempt.invoice.amount)
            kept = Posting(SUSPENSE, -attempt.invoice.amount)
            post_journal(cause=unneeded_cause(attempt_id), postings=[received, kept], at=at, memo="Paid too late")
            attempt.state, attempt.is_unneeded = AttemptState.DECLINED, True
            give_back.defer(payment_id=str(payment_id))
        else:
            attempt.state = AttemptState.PAID
            _enter(row, attempt.invoice, gateway, at)
        attempt.save(update_fields=["payment_id", "decided_at", "state", "is_unneeded"])


def _is_wanted(row: SubscriptionRow, invoice: InvoiceRow) -> bool:
    if invoice.state == InvoiceState.OPEN:
        return True
    is_first = invoice.state == InvoiceState.VOID and row.state == State.ENDED and row.began_at is None
    others = SubscriptionRow.objects.filter(IS_LIVING, subscriber_id=row.subscriber_id, channel_id=row.channel_id)
    return is_first and not others.exists()


def _enter(row: SubscriptionRow, invoice: InvoiceRow, gateway: str, at: datetime) -> None:
    is_first = row.began_at is None
    if is_first:  # they have it from now on, however long they took to pay
        months = MONTHS[Interval(invoice.terms.interval)]
        invoice.period_start = invoice.anchor_at = at
        invoice.period_end = months_after(at, months)
    carried = carry_over(row, invoice, at) if invoice.is_change else 0
    received = [Posting(f"gateway:{gateway}", invoice.amount), Posting(row.account, -invoice.deferred)]
    received += [Posting(tax_account(row, invoice), -invoice.tax)] if invoice.tax else []
    received += [Posting(COUPONS, Money(invoice.borne_minor, invoice.currency))] if invoice.borne_minor else []
    post_journal(cause=paid_cause(invoice.pk), postings=received, at=at, memo=f"Subscription, period {invoice.number}")
    invoice.state, invoice.paid_at = InvoiceState.PAID, at
    invoice.parts = parts_for(row, invoice, carried_minor=carried, at=at)
    earn_from(invoice, day=0)
    invoice.save()
    _move_on(row, invoice, at)
    let_in(row, at=at)
    release_membership(cause=row.cause)  # of an earlier period that is disputed: this one is paid
    tell(Act.SUBSCRIPTION_PAID, row, actor_id=None, price=f"{invoice.amount.decimal} {invoice.currency}")
    if is_first:
        events.publish(SubscriptionBegan(row.pk, is_trial=False, at=at))
    give_receipt(row, invoice, at)


def _move_on(row: SubscriptionRow, invoice: InvoiceRow, at: datetime) -> None:
    period = {
        "plan": invoice.terms.plan,
        "terms": invoice.terms,
        "anchor_at": invoice.anchor_at,
        "anchor_months": invoice.anchor_months,
        "period_start": invoice.period_start,
        "period_end": invoice.period_end,
        "paid_periods": row.paid_periods + 1,
        "due_at": invoice.period_end,
    }
    if row.next_terms_id == invoice.terms_id or invoice.is_change:
        period["next_terms"] = None
    if invoice.discount_minor:
        period["coupon_left"] = coupons.left_after(row.coupon_left)
    if row.began_at is None:
        settle(row)
        move(row, Move.BEGIN, began_at=at, ended_at=None, end_reason="", hosted_url="", **period)
    elif row.state == State.CANCELLING:  # they left while the answer was on its way: it ends with this period
        change(row, **period)
    else:
        move(row, Move.RENEW, **period)
