"""Whether an offer is still what a viewer was shown, and they have a use for it."""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from footlights.catalog.api import is_visible, title_access
from footlights.kernel.errors import NotFoundError
from footlights.monetization.errors import AlreadyYoursError, OfferChangedError
from footlights.monetization.local import for_buyer
from footlights.monetization.models import IS_CURRENT, OfferRow
from footlights.monetization.queries import may_watch
from footlights.monetization.records import Offer, OfferKind, Reason
from footlights.prices.api import AT_HOME, Buyer


def require_offer(
    viewer_id: uuid.UUID, offer_id: uuid.UUID, at: datetime, buyer: Buyer = AT_HOME
) -> tuple[OfferRow, uuid.UUID]:
    """The offer and its channel's id, when this viewer can get it now and does not have it yet.

    Raises NotFoundError, AlreadyYoursError, OfferChangedError.
    """
    offer = OfferRow.objects.filter(pk=offer_id).first()
    access = title_access(offer.title_id, viewer_id) if offer else None
    is_sold = offer is not None and offer.kind != OfferKind.MEMBERS  # one joins its channel instead
    if offer is None or access is None or not is_sold or not is_visible(access, viewer_id, at):
        raise NotFoundError(_("This is not for sale."))
    decision = may_watch(viewer_id, offer.title_id, at)
    is_upgrade = decision.reason is Reason.RENTED and offer.kind == OfferKind.BUY
    is_keeping = decision.reason is Reason.MEMBER  # it stays theirs when the membership ends
    is_taking = decision.reason is Reason.FREE and offer.kind == OfferKind.FREE
    if decision.allowed and not (is_upgrade or is_keeping or is_taking):
        raise AlreadyYoursError(_("You can watch this already. Nothing was charged."))
    if offer.withdrawn_at:
        was = for_buyer(offer.to_record(), buyer).price
        raise OfferChangedError(_("The price has changed since you saw it."), was=was, current=_successor_of(offer))
    return offer, access.channel_id


def _successor_of(offer: OfferRow) -> Offer | None:
    current = OfferRow.objects.filter(IS_CURRENT, title_id=offer.title_id, kind=offer.kind).first()
    return current.to_record() if current else None
