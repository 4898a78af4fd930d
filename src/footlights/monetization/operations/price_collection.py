"""Decide what a collection costs as one."""

import uuid
from datetime import datetime

from django.db import transaction

from footlights.accounts.api import Permission
from footlights.audit.api import Act, record
from footlights.catalog.api import Collection, get_collection, may
from footlights.kernel.errors import NotFoundError
from footlights.kernel.money import Money
from footlights.monetization import policies
from footlights.monetization.models import IS_CURRENT, OfferRow
from footlights.monetization.operations.price_abroad import price_abroad
from footlights.monetization.operations.set_offers import check_limits, withdraw, words_of
from footlights.monetization.records import NewOffer, Offer, OfferKind


def price_collection(
    *, collection_id: uuid.UUID, editor_id: uuid.UUID, price: Money | None, at: datetime
) -> Offer | None:
    """Sell it for `price`, or not as one any more. What was bought before stays bought.

    The same price keeps its offer, another makes another, with its prices abroad in proportion. Safe to repeat. Locks
    the current offer. Raises InvalidInputError, and NotFoundError to whoever may not set its prices.
    """
    collection = get_collection(collection_id)
    if collection.state == "deleted" or not may(editor_id, Permission.SET_PRICES, collection.channel_id):
        raise NotFoundError("There is no such collection.")
    wanted = NewOffer(OfferKind.BUY, price) if price is not None else None
    if wanted:
        policies.check_offer(wanted)
        check_limits(wanted, at)
    with transaction.atomic():
        current = (
            OfferRow.objects.filter(IS_CURRENT, collection_id=collection_id).select_for_update(no_key=True).first()
        )
        if current and wanted and current.terms == wanted:
            return current.to_record()
        if current:
            withdraw(current, at)
        row = _create(collection_id, wanted, editor_id, at) if wanted else None
        if row:
            price_abroad(row, collection.channel_id, before=current, by_id=editor_id, at=at)
        _tell(collection, [words_of(current)] if current else [], [words_of(row)] if row else [])
        return row.to_record() if row else None


def _create(collection_id: uuid.UUID, offer: NewOffer, editor_id: uuid.UUID, at: datetime) -> OfferRow:
    return OfferRow.objects.create(
        collection_id=collection_id,
        kind=offer.kind,
        amount_minor=offer.price.amount_minor,
        currency=offer.price.currency,
        created_by=editor_id,
        created_at=at,
    )


def _tell(collection: Collection, before: list[str], after: list[str]) -> None:
    if before != after:
        record(
            act=Act.PRICE_CHANGED,
            object_kind="collection",
            object_id=collection.id,
            channel_id=collection.channel_id,
            person_ids=[collection.owner_id],
            before={"offers": before},
            after={"name": collection.name, "offers": after},
        )
