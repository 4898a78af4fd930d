"""What it costs to give somebody else what an offer is for."""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from footlights.catalog.api import get_collection, is_visible, list_public_ids_in, title_access
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.monetization import pricing
from footlights.monetization.errors import OfferChangedError
from footlights.monetization.local import for_buyer
from footlights.monetization.models import EventRow, OfferRow
from footlights.monetization.operations.quote_offer import NO_CHOICE, tax_of
from footlights.monetization.operations.require_offer import successor_of
from footlights.monetization.records import Choice, OfferKind, Part, Quote

GIVEN = (OfferKind.BUY, OfferKind.RENT, OfferKind.TICKET)


def quote_gift(*, giver_id: uuid.UUID, offer_id: uuid.UUID, at: datetime, choice: Choice = NO_CHOICE) -> Quote:
    """As quote_offer, for somebody else: whether the giver has it already does not matter. Writes nothing.

    Nothing counts towards a collection: what its receiver has is not the giver's to know. Raises NotFoundError,
    OfferChangedError, and InvalidInputError for an amount that is too little.
    """
    row = OfferRow.objects.filter(pk=offer_id, kind__in=GIVEN).first()
    if row is None:
        raise NotFoundError(_("This is not for sale."))
    channel_id, promised = _thing_of(row, giver_id, at)
    if row.withdrawn_at:
        words = _("The price has changed since you saw it.")
        raise OfferChangedError(words, was=for_buyer(row.to_record(), choice.buyer).price, current=successor_of(row))
    offer = for_buyer(row.to_record(), choice.buyer)
    list_price, chosen = pricing.asked_of(offer, choice.amount, at)
    nothing = Money(0, list_price.currency)
    breakdown = pricing.work_out(
        list_price=list_price,
        chosen=chosen,
        discount=nothing,
        credit=nothing,
        tax_of=lambda price: tax_of(price, kind=offer.kind, choice=choice, at=at),
    )
    parts = tuple(Part(title_id, nothing) for title_id in promised)
    return Quote(offer=offer, channel_id=channel_id, breakdown=breakdown, parts=parts)


def _thing_of(row: OfferRow, giver_id: uuid.UUID, at: datetime) -> tuple[uuid.UUID, list[uuid.UUID]]:
    """Its channel, and of a collection the titles that are promised. A ticket is one seat."""
    if row.broadcast_id:
        return EventRow.objects.get(pk=row.broadcast_id).channel_id, []
    return _all_of(row.collection_id, at) if row.collection_id else _title_of(row, giver_id, at)


def _title_of(row: OfferRow, giver_id: uuid.UUID, at: datetime) -> tuple[uuid.UUID, list[uuid.UUID]]:
    """The channel of the title, which promises no parts."""
    access = title_access(row.title_id, giver_id) if row.title_id else None
    if access is None or not is_visible(access, giver_id, at):
        raise NotFoundError(_("This is not for sale."))
    return access.channel_id, []


def _all_of(collection_id: uuid.UUID, at: datetime) -> tuple[uuid.UUID, list[uuid.UUID]]:
    """The collection's channel, and the titles that are in it and out."""
    collection = get_collection(collection_id)
    title_ids = list_public_ids_in(collection_id, at)
    if collection.state != "published" or not title_ids:
        raise NotFoundError(_("This is not for sale."))
    return collection.channel_id, title_ids
