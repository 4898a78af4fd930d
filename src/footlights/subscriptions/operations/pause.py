"""Stop paying for a while."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.audit.api import Act
from footlights.kernel.errors import InvalidInputError
from footlights.subscriptions.errors import NotNowError
from footlights.subscriptions.operations.advance import advance
from footlights.subscriptions.operations.leave import is_being_charged
from footlights.subscriptions.operations.moving import change, lock_own, move
from footlights.subscriptions.operations.telling import tell
from footlights.subscriptions.policies.periods import months_after
from footlights.subscriptions.policies.states import Move
from footlights.subscriptions.records import State, Subscription

MAX_MONTHS = 3


def pause(*, subscription_id: uuid.UUID, subscriber_id: uuid.UUID, months: int, at: datetime) -> Subscription:
    """After what is paid, nothing is charged and nothing can be watched for some months; then it goes on by itself.

    Safe to repeat. Locks the subscription. Raises InvalidInputError, NotFoundError, NotNowError.
    """
    if not 1 <= months <= MAX_MONTHS:
        raise InvalidInputError(_("Pause for one to %(count)d months.") % {"count": MAX_MONTHS}, field="months")
    with transaction.atomic():
        row = lock_own(subscription_id, subscriber_id)
        if row.state == State.PAUSED:
            return row.to_record()
        if is_being_charged(row):
            raise NotNowError(_("A payment is on its way. Try again in a moment."))
        assert row.period_end or row.state != State.ACTIVE  # noqa: S101  whoever is active has paid
        until = months_after(row.period_end or at, months)
        move(row, Move.PAUSE, pause_ends_at=until, due_at=until)
        tell(Act.SUBSCRIPTION_PAUSED, row, actor_id=subscriber_id)
        return row.to_record()


def resume(*, subscription_id: uuid.UUID, subscriber_id: uuid.UUID, at: datetime) -> Subscription:
    """Go on before the pause is over: at no cost while what is paid lasts, else with a new period, charged now.

    Call outside a transaction. Safe to repeat. Raises NotFoundError, NotNowError.
    """
    with transaction.atomic(durable=True):
        row = lock_own(subscription_id, subscriber_id)
        if row.state == State.PAUSED:
            tell(Act.SUBSCRIPTION_RESUMED, row, actor_id=subscriber_id)
            if row.period_end and at < row.period_end:
                move(row, Move.RESUME, due_at=row.period_end)
            elif row.due_at:
                change(row, due_at=at)
    advance(subscription_id=subscription_id, at=at)
    row.refresh_from_db()
    return row.to_record()
