"""Whether an offer is still what a viewer was shown, and they have a use for it."""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from footlights.catalog.api import is_visible, title_access
from footlights.kernel.errors import NotFoundError
from footlights.monetization.errors import AlreadyYoursError, OfferChangedError
from footlights.monetization.local import for_buyer
from footlights.monetization.models import IS_CURRENT, OfferRow
from footlights.monetization.operations.require_collection import require_collection
from footlights.monetization.operations.require_event import require_event
from footlights.monetization.records import Offer, OfferKind, Reason
from footlights.monetization.watching import may_watch
from footlights.prices.api import AT_HOME, Buyer

JOINED = frozenset({OfferKind.MEMBERS, OfferKind.FOLLOWERS})


def require_offer(
    viewer_id: uuid.UUID, offer_id: uuid.UUID, at: datetime, buyer: Buyer = AT_HOME
) -> tuple[OfferRow, uuid.UUID]:
    """The offer and its channel's id, when this viewer can get it now and does not have it yet.

    Raises NotFoundError, AlreadyYoursError, OfferChangedError.
    """
    offer = OfferRow.objects.filter(pk=offer_id).first()
    if offer and offer.collection_id:
        channel_id = require_collection(viewer_id, offer.collection_id, at)
    elif offer and offer.broadcast_id:
        channel_id = require_event(viewer_id, offer.broadcast_id)
    elif offer and offer.title_id and offer.kind not in JOINED:  # one joins or follows its channel instead
        channel_id = _require_title(viewer_id, offer.title_id, offer.kind, at)
    else:
        raise NotFoundError(_("This is not for sale."))
    if offer.withdrawn_at:
        was = for_buyer(offer.to_record(), buyer).price
        raise OfferChangedError(_("The price has changed since you saw it."), was=was, current=successor_of(offer))
    return offer, channel_id


def _require_title(viewer_id: uuid.UUID, title_id: uuid.UUID, kind: str, at: datetime) -> uuid.UUID:
    access = title_access(title_id, viewer_id)
    if access is None or not is_visible(access, viewer_id, at):
        raise NotFoundError(_("This is not for sale."))
    decision = may_watch(viewer_id, title_id, at)
    is_for_a_time = decision.reason in {Reason.RENTED, Reason.TICKET} and decision.ends_at is not None
    is_upgrade = kind == OfferKind.BUY and (is_for_a_time or decision.reason is Reason.RENTED)
    is_keeping = decision.reason in {Reason.MEMBER, Reason.PASS}  # it stays theirs when the membership ends
    is_taking = decision.reason is Reason.FREE and kind == OfferKind.FREE
    if decision.allowed and not (is_upgrade or is_keeping or is_taking):
        raise AlreadyYoursError(_("You can watch this already. Nothing was charged."))
    return access.channel_id


def successor_of(offer: OfferRow) -> Offer | None:
    current = OfferRow.objects.filter(
        IS_CURRENT,
        title_id=offer.title_id,
        collection_id=offer.collection_id,
        broadcast_id=offer.broadcast_id,
        kind=offer.kind,
    ).first()
    return current.to_record() if current else None
