"""Whoever opened a gift watches what it is for, or does not any more. Join the caller's transaction."""

import uuid
from datetime import datetime

from footlights.giving.models import GiftRow, Given
from footlights.monetization.api import (
    give_collection,
    give_ticket,
    give_title,
    take_collection,
    take_ticket,
    take_title,
)


def let_watch(row: GiftRow, viewer_id: uuid.UUID, at: datetime) -> None:
    """Once for each gift; again after it was taken away."""
    if row.broadcast_id:
        give_ticket(viewer_id=viewer_id, offer_id=row.offer_id, cause=row.reference, at=at)
    elif row.collection_id:
        give_collection(
            viewer_id=viewer_id, collection_id=row.collection_id, title_ids=row.promised, cause=row.reference, at=at
        )
    else:
        give_title(viewer_id=viewer_id, offer_id=row.offer_id, cause=row.reference, at=at)


def take_away(row: Given, at: datetime) -> None:
    """Safe for what was never opened, and for a tip, which lets nobody watch."""
    take_title(cause=row.reference, at=at)
    take_collection(cause=row.reference, at=at)
    take_ticket(cause=row.reference, at=at)
