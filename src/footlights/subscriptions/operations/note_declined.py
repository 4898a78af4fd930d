"""A card was declined, or nobody paid."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.kernel import events
from footlights.subscriptions.events import RenewalDeclined
from footlights.subscriptions.models import AttemptRow, InvoiceRow, SubscriptionRow
from footlights.subscriptions.operations.lowering import lapse
from footlights.subscriptions.operations.membership import end, let_in
from footlights.subscriptions.operations.moving import change, lock, move
from footlights.subscriptions.policies.retries import next_try_at
from footlights.subscriptions.policies.states import Move
from footlights.subscriptions.records import AttemptState, InvoiceState, State

REASON_LENGTH_MAX = 300


def note_declined(*, attempt_id: uuid.UUID, reason: str, at: datetime) -> None:
    """Nothing was charged. What follows depends on what it was for; once for each attempt however often it is called.

    A first payment: the subscription never begins. A change of plan: nothing changes. A renewal: the card is tried
    again on the days of the schedule, and who was a member stays one meanwhile; after the last, or when they had
    cancelled, it ends. Locks the subscription. Publishes RenewalDeclined or SubscriptionEnded.
    """
    with transaction.atomic():
        row = lock(AttemptRow.objects.values_list("invoice__subscription_id", flat=True).get(pk=attempt_id))
        decided = AttemptRow.objects.filter(pk=attempt_id, state=AttemptState.UNDECIDED).update(
            state=AttemptState.DECLINED, reason=reason[:REASON_LENGTH_MAX], decided_at=at
        )
        invoice = InvoiceRow.objects.get(attempts=attempt_id)
        if not decided or invoice.state != InvoiceState.OPEN:
            return
        if row.state == State.PENDING:
            void(invoice)
            lapse(row, at)
        elif invoice.is_change:
            void(invoice)
            change(row, due_at=row.period_end)
        elif row.state == State.CANCELLING:
            void(invoice)
            end(row, "cancelled", at)
        else:
            _fall_behind(row, invoice, reason, at)


def void(invoice: InvoiceRow) -> None:
    """It is not asked for any more."""
    invoice.state = InvoiceState.VOID
    invoice.save(update_fields=["state"])


def _fall_behind(row: SubscriptionRow, invoice: InvoiceRow, reason: str, at: datetime) -> None:
    tries = list(invoice.attempts.order_by("number").values_list("created_at", flat=True))
    following = next_try_at(tries=len(tries), first_at=tries[0], at=at)
    if following is None:
        void(invoice)
        end(row, "unpaid", at)
        return
    was_paid_before = row.paid_periods > 0 and row.state in {State.ACTIVE, State.PAST_DUE}
    move(row, Move.FALL_BEHIND, due_at=following)
    if was_paid_before:
        let_in(row, until=following, at=at)
    events.publish(RenewalDeclined(row.pk, reason, following, at))
