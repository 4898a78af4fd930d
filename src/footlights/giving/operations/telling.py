"""What the trail is told of what is given. Joins the caller's transaction."""

import uuid
from typing import Any

from footlights.audit.api import Act, record
from footlights.giving.models import GiftRow, Paid


def tell(act: Act, row: Paid, *, actor_id: uuid.UUID | None, **after: Any) -> None:
    """The giver finds it among their own; the channel learns of it, but not of the giver."""
    record(
        act=act,
        object_kind=row.KIND,
        object_id=row.pk,
        actor_id=actor_id,
        channel_id=row.channel_id,
        person_ids=[row.giver_id],
        after={**_subject(row), "price": f"{row.amount.decimal} {row.currency}", **after},
    )


def _subject(row: Paid) -> dict[str, Any]:
    if isinstance(row, GiftRow) and row.collection_id:
        return {"collection_id": row.collection_id}
    return {"title_id": row.title_id}
