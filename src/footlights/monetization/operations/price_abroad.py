"""What offers cost in other currencies: proposed with the price at home, or agreed to one by one."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.audit.api import Act, record
from footlights.catalog.api import get_channel, get_collection, may
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.monetization.local import asked_at_home, subject_of
from footlights.monetization.models import IS_CURRENT, EventRow, OfferRow
from footlights.monetization.operations.access import require_seller
from footlights.prices.api import LocalPrice, agree_prices, list_proposals
from footlights.terms import api as terms
from footlights.terms.api import SaleKind


def price_abroad(
    row: OfferRow, channel_id: uuid.UUID, *, before: OfferRow | None, by_id: uuid.UUID, at: datetime
) -> None:
    """Keep the prices that stood below the new price while it was typed. Joins the caller's transaction.

    Where the offer before it had a price, the new one is in the same proportion; where none was, at the newest rates.
    """
    home = asked_at_home(row.to_record())
    was = (subject_of(before.pk), asked_at_home(before.to_record())) if before else None
    proposals = list_proposals(channel_id=channel_id, home=home, on=at.date(), before=was)
    if proposals:
        allowed = [each for each in proposals if _is_allowed(row.kind, each, at)]
        agree_prices(channel_id=channel_id, prices={subject_of(row.pk): allowed}, by_id=by_id, at=at)


def agree_abroad(*, editor_id: uuid.UUID, prices: Mapping[uuid.UUID, Sequence[LocalPrice]], at: datetime) -> None:
    """From now on these offers cost exactly that abroad, until their creator says otherwise. Safe to repeat.

    All or none; what is not among an offer's prices ends. Raises InvalidInputError for a price that the platform does
    not allow, and NotFoundError for an offer that is withdrawn, unknown, or another's.
    """
    with transaction.atomic():
        for offer_id, wanted in sorted(prices.items()):
            _agree(offer_id, wanted, editor_id, at)


def _agree(offer_id: uuid.UUID, wanted: Sequence[LocalPrice], editor_id: uuid.UUID, at: datetime) -> None:
    row = OfferRow.objects.filter(IS_CURRENT, pk=offer_id).first()
    if row is None:
        raise NotFoundError(_("This price was changed in the meantime. Load the page again."))
    channel_id, owner_id = _require_seller(row, editor_id)
    for each in wanted:
        if not each.asked.price:
            raise InvalidInputError(_("A price must be above zero."), field="price")
        terms.check_price(SaleKind(row.kind), each.asked.price, at)
    agree_prices(channel_id=channel_id, prices={subject_of(row.pk): wanted}, by_id=editor_id, at=at)
    of_other = "collection" if row.collection_id else "broadcast"
    record(
        act=Act.PRICE_CHANGED,
        object_kind="title" if row.title_id else of_other,
        object_id=row.thing_id,
        channel_id=channel_id,
        person_ids=[owner_id],
        after={"abroad": sorted(_words(row, each) for each in wanted)},
    )


def _require_seller(row: OfferRow, editor_id: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    """Its channel and whose that is, when `editor_id` may set the price. To anybody else there is no such thing."""
    if row.title_id:
        title = require_seller(title_id=row.title_id, editor_id=editor_id)
        return title.channel_id, title.owner_id
    if row.collection_id:
        channel_id = get_collection(row.collection_id).channel_id
    else:
        channel_id = EventRow.objects.get(pk=row.thing_id).channel_id
    if not may(editor_id, Permission.SET_PRICES, channel_id):
        raise NotFoundError("There is no such price.")
    return channel_id, get_channel(channel_id).owner_id


def _is_allowed(kind: str, local: LocalPrice, at: datetime) -> bool:
    """Where the platform allows no such price, buyers pay the one at home until the creator says another."""
    try:
        terms.check_price(SaleKind(kind), local.asked.price, at)
    except InvalidInputError:
        return False
    return True


def _words(row: OfferRow, local: LocalPrice) -> str:
    price = local.asked.price
    return " ".join(filter(None, [row.kind, str(price.decimal), price.currency, local.country]))
