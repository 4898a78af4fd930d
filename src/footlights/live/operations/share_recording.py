import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from footlights.accounts.api import get_installation
from footlights.catalog.api import publish_title, unlist_title
from footlights.kernel.errors import FootlightsError
from footlights.kernel.money import Money
from footlights.live import models
from footlights.live.records import Access
from footlights.monetization.api import NewOffer, OfferKind, set_offers

logger = logging.getLogger(__name__)


def share_recording(row: models.BroadcastRow, *, title_id: UUID, owner_id: UUID, at: datetime) -> None:
    """For the same people as the broadcast, and found as it was, as soon as it plays. Joins the caller's transaction.

    What the rules of offers refuse leaves it a draft: nothing of a recording is lost for that.
    """
    if row.access == Access.TICKETS:  # its tickets say who sees it; others have nothing to get it by yet
        return
    try:
        with transaction.atomic():
            set_offers(title_id=title_id, editor_id=owner_id, offers=[_offer(Access(row.access), row.tier)], at=at)
            release = publish_title if row.is_listed else unlist_title
            release(title_id=title_id, editor_id=owner_id, at=at)
    except FootlightsError as error:
        logger.warning("the recording of broadcast %s stays a draft: %s", row.pk, error)


def _offer(access: Access, tier: int | None) -> NewOffer:
    kinds = {
        Access.EVERYBODY: OfferKind.FREE,
        Access.FOLLOWERS: OfferKind.FOLLOWERS,
        Access.MEMBERS: OfferKind.MEMBERS,
    }
    kind = kinds[access]
    return NewOffer(kind, Money(0, get_installation().currency), tier)
