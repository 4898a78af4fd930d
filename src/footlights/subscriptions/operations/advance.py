"""What comes due by itself: renewals, further tries of a card, ends."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from footlights.monetization.api import is_held
from footlights.payments.api import PaymentsClosedError
from footlights.subscriptions.models import AttemptRow, SubscriptionRow
from footlights.subscriptions.operations.billing import ask_for, bill_from, bill_next, send
from footlights.subscriptions.operations.lowering import lapse
from footlights.subscriptions.operations.membership import end
from footlights.subscriptions.operations.moving import change, lock
from footlights.subscriptions.operations.taxing import look_up_number
from footlights.subscriptions.records import AttemptState, InvoiceState, State

FOUND_MAX = 5_000  # what may wait in the queue at a time
UNSENT_FOR = timedelta(minutes=1)
LOOK_AGAIN_AFTER = timedelta(days=1)


def list_due(*, at: datetime) -> list[uuid.UUID]:
    """The subscriptions of which something is to be done, up to 5,000, whose moment came first at first."""
    due = SubscriptionRow.objects.filter(due_at__lte=at).order_by("due_at")
    return list(due.values_list("pk", flat=True)[:FOUND_MAX])


def list_unsent(*, at: datetime) -> list[uuid.UUID]:
    """The attempts that were written down a minute ago and never sent, up to 5,000: whoever wrote them died."""
    unsent = AttemptRow.objects.filter(
        state=AttemptState.UNDECIDED, payment_id=None, by_page=False, created_at__lte=at - UNSENT_FOR
    )
    return list(unsent.order_by("created_at").values_list("pk", flat=True)[:FOUND_MAX])


def advance(*, subscription_id: uuid.UUID, at: datetime) -> None:
    """Do what is due of one. Locks it; what it decides is committed before the gateway is asked.

    Call outside a transaction. Safe to repeat, to die in at any point, and to run twice at once: a period has one
    invoice, and an attempt is asked for under its own key.
    """
    look_up_number(subscription_id, at)
    with transaction.atomic(durable=True):
        row = lock(subscription_id)
        attempt = _decide(row, at) if row.due_at and row.due_at <= at else None
    if attempt is not None:
        ask(attempt_id=attempt.pk, at=at)


def ask(*, attempt_id: uuid.UUID, at: datetime) -> None:
    """Ask for the money of an attempt, once however often it is called. Call outside a transaction."""
    try:
        send(attempt_id, at)
    except PaymentsClosedError:
        return  # nobody can pay at this address now; it is sent when they can


def _decide(row: SubscriptionRow, at: datetime) -> AttemptRow | None:
    if row.state == State.CANCELLING:
        end(row, "cancelled", at)
        return None
    if row.state == State.PENDING:  # of a trial whose card was never left
        lapse(row, at)
        return None
    invoice = row.invoices.filter(state=InvoiceState.OPEN).first()
    if invoice is None and is_held(row.cause):  # nobody pays for another period while a bank asks for the last one
        change(row, due_at=at + LOOK_AGAIN_AFTER)
        return None
    if invoice is None and (row.state == State.PAUSED or waited(row)):
        invoice = bill_from(row, row.next_terms or row.terms, start=at, at=at)
    change(row, due_at=None)  # until the answer says what comes next
    return ask_for(invoice or bill_next(row, at), by_page=False, at=at)


def waited(row: SubscriptionRow) -> bool:
    """Whether its next period did not begin when the last one was over: it was held, and begins when it is let go."""
    return row.due_at is not None and row.period_end is not None and row.due_at > row.period_end
