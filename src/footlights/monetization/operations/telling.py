"""What the trail is told of a purchase. Joins the caller's transaction."""

import uuid
from typing import Any

from footlights.audit.api import Act, record
from footlights.monetization.models import PurchaseRow
from footlights.monetization.operations.set_offers import words_of


def tell(act: Act, purchase: PurchaseRow, *, actor_id: uuid.UUID | None, **after: Any) -> None:
    """The buyer finds it among their own; the channel learns of it, but not of the buyer."""
    of_collection = {"collection_id": purchase.collection_id}
    subject = {"title_id": purchase.title_id} if purchase.title_id else of_collection
    record(
        act=act,
        object_kind="purchase",
        object_id=purchase.pk,
        actor_id=actor_id,
        channel_id=purchase.channel_id,
        person_ids=[purchase.viewer_id],
        after={**subject, "price": words_of(purchase), **after},
    )
