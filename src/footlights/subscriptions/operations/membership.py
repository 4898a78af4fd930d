"""Let a subscriber in, and out. Joins the caller's transaction."""

from datetime import datetime

from footlights.audit.api import Act
from footlights.kernel import events
from footlights.monetization.api import end_membership, grant_membership
from footlights.subscriptions.events import SubscriptionEnded
from footlights.subscriptions.models import SubscriptionRow
from footlights.subscriptions.operations.moving import move
from footlights.subscriptions.operations.telling import tell
from footlights.subscriptions.policies.periods import GRACE
from footlights.subscriptions.policies.states import Move


def let_in(row: SubscriptionRow, *, until: datetime | None = None, at: datetime) -> None:
    """A member of its tier until the end of the period, and a little longer."""
    end = until or row.period_end
    assert end  # noqa: S101  it has begun
    grant_membership(
        viewer_id=row.subscriber_id,
        channel_id=None if row.plan.is_pass else row.channel_id,
        tier=row.plan.tier,
        until=end + GRACE,
        cause=row.cause,
        at=at,
    )


def end(row: SubscriptionRow, reason: str, at: datetime) -> None:
    """It is over now. Publishes SubscriptionEnded."""
    move(row, Move.END, ended_at=at, end_reason=reason, due_at=None)
    end_membership(cause=row.cause, at=at)
    tell(Act.SUBSCRIPTION_ENDED, row, actor_id=None, reason=reason)
    events.publish(SubscriptionEnded(row.pk, reason, at))
