"""What the trail is told of broadcasts. Joins the caller's transaction."""

from typing import Any
from uuid import UUID

from footlights.audit.api import FROM_ORIGIN, Act, record
from footlights.live import models


def tell(act: Act, row: models.BroadcastRow, *, actor_id: UUID | None = FROM_ORIGIN, **after: Any) -> None:
    record(
        act=act,
        object_kind="broadcast",
        object_id=row.pk,
        actor_id=actor_id,
        channel_id=row.channel_id,
        after={"name": row.name, **after},
    )
