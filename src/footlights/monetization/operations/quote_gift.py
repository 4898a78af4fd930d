"""What it costs to give somebody else what an offer is for."""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from footlights.catalog.api import is_visible, title_access
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.monetization import pricing
from footlights.monetization.errors import OfferChangedError
from footlights.monetization.local import for_buyer
from footlights.monetization.models import OfferRow
from footlights.monetization.operations.quote_offer import NO_CHOICE, tax_of
from footlights.monetization.operations.require_offer import successor_of
from footlights.monetization.records import Choice, OfferKind, Quote

GIVEN = (OfferKind.BUY, OfferKind.RENT)


def quote_gift(*, giver_id: uuid.UUID, offer_id: uuid.UUID, at: datetime, choice: Choice = NO_CHOICE) -> Quote:
    """As quote_offer, for somebody else: whether the giver has it already does not matter. Writes nothing.

    Raises NotFoundError, OfferChangedError, and InvalidInputError for an amount that is too little.
    """
    row = OfferRow.objects.filter(pk=offer_id, kind__in=GIVEN).first()
    access = title_access(row.title_id, giver_id) if row and row.title_id else None
    if row is None or access is None or not is_visible(access, giver_id, at):
        raise NotFoundError(_("This is not for sale."))
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
    return Quote(offer=offer, channel_id=access.channel_id, breakdown=breakdown)
