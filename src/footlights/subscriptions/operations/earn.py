"""Turn what was paid for a period into income and shares, day by day."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from footlights.kernel.money import Money
from footlights.ledger.api import NewJournal, post_journals
from footlights.splits.api import SubjectKind, divide, shares_of
from footlights.subscriptions.causes import day_cause
from footlights.subscriptions.models import InvoiceRow, SubscriptionRow
from footlights.subscriptions.operations.pass_money import note_days, pool_of
from footlights.subscriptions.policies import earning
from footlights.subscriptions.policies.periods import days_over
from footlights.subscriptions.records import InvoiceState
from footlights.terms.api import SaleKind, fee_bps

BATCH_MAX = 200
MOVE_ON = """update subscriptions_invoice invoice set earned_days = next.earned_days, earns_at = next.earns_at
    from unnest(%s::uuid[], %s::smallint[], %s::timestamptz[]) as next(id, earned_days, earns_at)
    where invoice.id = next.id"""


def earn_due(*, at: datetime) -> int:
    """Book every day that is over of every paid period; returns how many periods moved on. A job calls it.

    One transaction for each 200 periods, whose journals are posted at once; safe to repeat and to run twice at once: a
    day is a journal's cause.
    """
    moved = 0
    while due := list(
        InvoiceRow.objects.filter(earns_at__lte=at)
        .order_by("earns_at")
        .values_list("pk", "subscription_id")[:BATCH_MAX]
    ):
        moved += _earn(dict(due), at)
    return moved


def earn_until(row: SubscriptionRow, invoice: InvoiceRow, at: datetime) -> None:
    """Book the days of a paid period that are over at a moment. Joins the transaction, which holds the subscription."""
    journals = _days_over(row, invoice, at)
    post_journals(journals)
    note_days([(invoice, journals)])


def _days_over(row: SubscriptionRow, invoice: InvoiceRow, at: datetime) -> list[NewJournal]:
    """A journal for each day that is over and not booked; the invoice moves on past them, unsaved."""
    over = days_over(invoice.period_start, invoice.period_end, at)
    journals = []
    for day in range(invoice.earned_days, over):
        postings = earning.days_postings(
            invoice.parts,
            from_day=day,
            to_day=day + 1,
            days=invoice.days,
            deferred=row.account,
            currency=invoice.currency,
        )
        if postings:
            when = invoice.period_start + timedelta(days=day + 1)
            cause, about = day_cause(invoice.pk, day + 1), f"plan:{invoice.terms.plan_id}"
            journals.append(NewJournal(cause, postings, when, "A day of a subscription", about))
    earn_from(invoice, day=max(over, invoice.earned_days))
    return journals


def earn_from(invoice: InvoiceRow, *, day: int) -> None:
    """So many days are in the books: note when the next will be. The caller saves."""
    invoice.earned_days = day
    is_over = invoice.closed_at is not None or day >= invoice.days
    invoice.earns_at = None if is_over else invoice.period_start + timedelta(days=day + 1)


def carry_over(row: SubscriptionRow, changed: InvoiceRow, at: datetime) -> int:
    """Close the period that a change of plan cuts short; returns what is deferred of it still, in minor units.

    That stays where it is in the ledger and is earned with the new period. Joins the caller's transaction.
    """
    current = row.invoices.filter(state=InvoiceState.PAID, closed_at=None).latest("number")
    earn_until(row, current, changed.period_start)
    left = earning.left_after(current.parts, day=current.earned_days, days=current.days)
    close(current, at)
    return left


def close(invoice: InvoiceRow, at: datetime) -> None:
    """No more is earned of it from now on."""
    invoice.closed_at = at
    earn_from(invoice, day=invoice.earned_days)
    invoice.save(update_fields=["closed_at", "earned_days", "earns_at", "refunded_minor", "state"])


def parts_for(row: SubscriptionRow, invoice: InvoiceRow, *, carried_minor: int, at: datetime) -> earning.Parts:
    """Who earns what of this period: the house's fee, and the channel's share as its agreements divide it at `at`.

    Of the pass nobody yet: all of it waits to be shared by what is watched.
    """
    net = Money(invoice.deferred.amount_minor + carried_minor, invoice.currency)
    if invoice.terms.plan.is_pass:
        return earning.pooled(net, pool_of(invoice.terms.plan_id))
    bps = fee_bps(SaleKind.SUBSCRIPTION, row.channel_id, at)
    shares = shares_of(SubjectKind.PLAN, invoice.terms.plan_id, at) or ((f"creator:{row.channel_id}", 10_000),)
    return earning.parts_of(net, fee_bps=bps, shares=divide(net - net.share_bps(bps), shares))


def _earn(due: dict[uuid.UUID, uuid.UUID], at: datetime) -> int:
    """Locks the subscriptions in the order of their keys; returns how many of the periods were still due."""
    with transaction.atomic():
        locked = SubscriptionRow.objects.filter(pk__in=due.values()).order_by("pk").select_for_update(no_key=True)
        rows = {row.pk: row for row in locked}
        invoices = list(InvoiceRow.objects.filter(pk__in=due, earns_at__lte=at).select_related("terms"))
        days = [_days_over(rows[invoice.subscription_id], invoice, at) for invoice in invoices]
        post_journals([journal for each in days for journal in each])
        note_days(zip(invoices, days, strict=True))
        if invoices:
            _save_days(invoices)
    return len(invoices)


def _save_days(invoices: Sequence[InvoiceRow]) -> None:
    """As bulk_update, whose two cases of each row take the database and Python longer than all else of a day."""
    columns = zip(*((row.pk, row.earned_days, row.earns_at) for row in invoices), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(MOVE_ON, [list(column) for column in columns])
