"""Leave at the end of what is paid, and come back before it."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act
from footlights.subscriptions.models import AttemptRow, InvoiceRow, SubscriptionRow
from footlights.subscriptions.operations.membership import end
from footlights.subscriptions.operations.moving import lock_own, move
from footlights.subscriptions.operations.note_declined import void
from footlights.subscriptions.operations.telling import tell
from footlights.subscriptions.policies.states import Move, return_move
from footlights.subscriptions.records import AttemptState, InvoiceState, State, Subscription


def cancel(*, subscription_id: uuid.UUID, subscriber_id: uuid.UUID, at: datetime) -> Subscription:
    """It ends with what is paid or free, and nothing is charged any more. Safe to repeat.

    What is owed and not paid is given up, and then it ends now. While a charge is on its way, that decides: paid, it
    ends with the period that was paid; declined, it ends then. Locks the subscription. Raises NotFoundError,
    NotNowError.
    """
    with transaction.atomic():
        row = lock_own(subscription_id, subscriber_id)
        if row.state in {State.CANCELLING, State.ENDED}:
            return row.to_record()
        stop(row, actor_id=subscriber_id, at=at)
        return row.to_record()


def stop(row: SubscriptionRow, *, actor_id: uuid.UUID | None, at: datetime) -> None:
    """What `cancel` does, whoever asks for it. Joins the caller's transaction, which holds the row."""
    is_undecided = is_being_charged(row)
    move(row, Move.CANCEL, due_at=None if is_undecided else row.period_end)
    tell(Act.SUBSCRIPTION_CANCELLED, row, actor_id=actor_id)
    if not is_undecided:
        owed = InvoiceRow.objects.filter(subscription=row, state=InvoiceState.OPEN).first()
        if owed is not None:
            void(owed)
        if owed is not None or (row.period_end and row.period_end <= at):
            end(row, "cancelled", at)


def come_back(*, subscription_id: uuid.UUID, subscriber_id: uuid.UUID, at: datetime) -> Subscription:
    """It goes on as if nobody had cancelled. Safe to repeat. Raises NotFoundError, NotNowError once it has ended."""
    with transaction.atomic():
        row = lock_own(subscription_id, subscriber_id)
        if row.state not in {State.ACTIVE, State.TRIALING}:
            due_at = None if is_being_charged(row) else row.period_end
            move(row, return_move(trial_ends_at=row.trial_ends_at, at=at), due_at=due_at)
            tell(Act.SUBSCRIPTION_RETURNED, row, actor_id=subscriber_id)
        return row.to_record()


def is_being_charged(row: SubscriptionRow) -> bool:
    """Whether somebody was asked for money and has not answered."""
    return AttemptRow.objects.filter(invoice__subscription=row, state=AttemptState.UNDECIDED).exists()
