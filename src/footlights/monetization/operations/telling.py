"""What the trail is told of a purchase. Joins the caller's transaction."""

import uuid
from typing import Any

from footlights.audit.api import Act, record
from footlights.monetization.models import PurchaseRow
from footlights.monetization.operations.set_offers import words_of


def tell(act: Act, purchase: PurchaseRow, *, actor_id: uuid.UUID | None, **after: Any) -> None:
    """The buyer finds it among their own; the channel learns of it, but not of the buyer."""
    ids = {name: getattr(purchase, name) for name in ("title_id", "collection_id", "broadcast_id")}
    subject = {name: value for name, value in ids.items() if value}
    record(
        act=act,
        object_kind="purchase",
        object_id=purchase.pk,
        actor_id=actor_id,
        channel_id=purchase.channel_id,
        person_ids=[purchase.viewer_id],
        after={**subject, "price": words_of(purchase), **after},
    )
