"""Ask another price."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.money import Money
from footlights.monetization import policies
from footlights.monetization.models import OfferRow
from footlights.monetization.operations.access import require_seller
from footlights.monetization.operations.set_offers import check_limits, take_its_place, tell_price, withdraw
from footlights.monetization.records import Offer


def change_price(*, offer_id: uuid.UUID, editor_id: uuid.UUID, price: Money, at: datetime) -> Offer:
    """Withdraw the offer and make one like it with the new price; returns the new one, with a new id.

    Whoever was shown the old price is asked again. Safe to repeat. Locks the offer. Raises InvalidInputError, and
    NotFoundError for an offer that is withdrawn, unknown, or another's.
    """
    found = OfferRow.objects.filter(pk=offer_id).first()
    if found is None or found.title_id is None:
        raise NotFoundError("There is no such offer.")
    access = require_seller(title_id=found.title_id, editor_id=editor_id)
    if price.currency != found.currency:
        raise InvalidInputError(
            _("This title is sold in %(currency)s.") % {"currency": found.currency}, field="currency"
        )
    wanted = replace(found.terms, price=price)
    policies.check_offer(wanted)
    check_limits(wanted, at)
    with transaction.atomic():
        row = OfferRow.objects.select_for_update(no_key=True).get(pk=offer_id)
        if row.withdrawn_at:
            raise NotFoundError(_("This price was changed in the meantime. Load the page again."))
        if row.price == price:
            return row.to_record()
        withdraw(row, at)
        changed = take_its_place(row, access, wanted, editor_id, at)
        tell_price(access, before=[row], after=[changed])
        return changed.to_record()
