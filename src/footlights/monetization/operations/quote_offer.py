"""What an offer costs a viewer: the one place where that is worked out."""

import uuid
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.monetization import pricing
from footlights.monetization.collections import find_parts
from footlights.monetization.couponing import discount_of
from footlights.monetization.local import for_buyer
from footlights.monetization.operations.find_discount import find_coupon
from footlights.monetization.operations.require_offer import require_offer
from footlights.monetization.records import Choice, Offer, OfferKind, Part, Quote, Tax
from footlights.taxes.api import quote_tax
from footlights.terms import api as terms
from footlights.terms.api import SaleKind

NO_CHOICE = Choice()


def quote_offer(
    *,
    viewer_id: uuid.UUID,
    offer_id: uuid.UUID,
    at: datetime,
    choice: Choice = NO_CHOICE,
    title_id: uuid.UUID | None = None,
) -> Quote:
    """The quote the page shows and the purchase is made from. Writes nothing.

    Raises as require_offer, NotFoundError for an offer of another title than `title_id` (which may be the id of a
    collection or a broadcast too), InvalidInputError for an amount that is too little, and CouponRefusedError for a
    code that takes nothing off.
    """
    row, channel_id = require_offer(viewer_id, offer_id, at, choice.buyer)
    if title_id is not None and title_id not in {row.title_id, row.collection_id, row.broadcast_id}:
        raise NotFoundError(_("This is not for sale."))
    home = row.to_record()
    offer = for_buyer(home, choice.buyer)
    list_price, chosen = pricing.asked_of(offer, choice.amount, at)
    at_home, taxed = home.price_at(at), partial(tax_of, kind=offer.kind, choice=choice, at=at)
    found = find_coupon(choice.coupon, viewer_id, row, channel_id, at_home, at) if choice.coupon else None
    coupon, use = found or (None, None)
    base = list_price if chosen is None else chosen
    nothing = Money(0, list_price.currency)
    discount = min(discount_of(coupon, base, at_home), base) if coupon and not coupon.is_house else nothing
    parts = _parts(offer, viewer_id, base - discount, choice, at)
    credit = sum((part.credit for part in parts), nothing)
    if coupon and coupon.is_house:  # of what is to pay: no more than is suggested, where buyers say what they pay
        discount = discount_of(coupon, min(base - credit, list_price), at_home)
    breakdown = pricing.work_out(list_price=list_price, chosen=chosen, discount=discount, credit=credit, tax_of=taxed)
    if coupon and coupon.is_house:
        breakdown = pricing.borne_by_house(breakdown, taxed)
    return Quote(offer=offer, channel_id=channel_id, breakdown=breakdown, coupon=use, parts=parts)


def _parts(offer: Offer, viewer_id: uuid.UUID, price: Money, choice: Choice, at: datetime) -> tuple[Part, ...]:
    """The titles of a collection, with what counts of those the viewer bought; none of a title."""
    if offer.collection_id is None:
        return ()
    floor = terms.price_limits(SaleKind(offer.kind), price.currency, at).floor
    is_reversed = bool(choice.business_number) and tax_of(price, kind=offer.kind, choice=choice, at=at).is_reversed
    return find_parts(
        collection_id=offer.collection_id,
        viewer_id=viewer_id,
        price=price,
        floor=floor,
        at=at,
        is_reversed=is_reversed,
    )


def tax_of(price: Money, *, kind: OfferKind, choice: Choice, at: datetime) -> Tax:
    quote = quote_tax(
        price=price,
        kind=kind,
        buyer_country=choice.country,
        buyer_region=choice.region,
        business_number=choice.business_number,
        at=at,
    )
    return Tax(quote.tax, quote.rate_bps, quote.place, quote.name, quote.inclusive, quote.is_reversed, quote.relief)
