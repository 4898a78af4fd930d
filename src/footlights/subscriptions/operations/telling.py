"""What the trail is told of a subscription. Joins the caller's transaction."""

import uuid
from typing import Any

from footlights.audit.api import Act, record
from footlights.subscriptions.models import SubscriptionRow


def tell(act: Act, row: SubscriptionRow, *, actor_id: uuid.UUID | None, **after: Any) -> None:
    """The subscriber finds it among their own; the channel learns of it, but not of whom."""
    record(
        act=act,
        object_kind="subscription",
        object_id=row.pk,
        actor_id=actor_id,
        channel_id=row.channel_id,
        person_ids=[row.subscriber_id],
        after={"name": row.plan.name, **after},
    )
