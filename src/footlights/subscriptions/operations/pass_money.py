"""What is earned of the pass, by period and month, until it is shared. Joins the transaction that books it."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from footlights.kernel.ids import new_id
from footlights.ledger.api import NewJournal, Posting
from footlights.subscriptions.models import InvoiceRow

DAY = timedelta(days=1)
ADD = """
insert into subscriptions_pass_money (id, invoice_id, month, amount_minor) values (%s, %s, %s, %s)
on conflict (invoice_id, month) where shared_in_id is null
do update set amount_minor = subscriptions_pass_money.amount_minor + excluded.amount_minor
"""


def pool_of(plan_id: uuid.UUID) -> str:
    """Where what was earned of the pass waits to be shared."""
    return f"pass:{plan_id}"


def note_days(booked: Iterable[tuple[InvoiceRow, Sequence[NewJournal]]]) -> None:
    """Days of periods that were just booked; those of memberships say nothing of the pass, and are passed over."""
    found: Counter[tuple[uuid.UUID, date]] = Counter()
    for invoice, journals in booked:
        for journal in journals:
            if minor := _into_pool(invoice, journal.postings):
                found[invoice.pk, _month_of(journal.at - DAY)] += minor  # the one that its day began in
    _add(found)


def note_gone(invoice: InvoiceRow, postings: Sequence[Posting], at: datetime) -> None:
    """Money of a period went back, and some of it out of the pool, or (what is earned by going) into it."""
    if minor := _into_pool(invoice, postings):
        _add(Counter({(invoice.pk, _month_of(at)): minor}))


def _into_pool(invoice: InvoiceRow, postings: Sequence[Posting]) -> int:
    pool = pool_of(invoice.terms.plan_id)
    return -sum(each.amount.amount_minor for each in postings if each.account == pool)


def _month_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date().replace(day=1)


def _add(found: Counter[tuple[uuid.UUID, date]]) -> None:
    """Always in the same order, so that two who add to the same months do not wait for each other for ever."""
    rows = [(new_id(), invoice_id, month, minor) for (invoice_id, month), minor in sorted(found.items()) if minor]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(ADD, rows)
