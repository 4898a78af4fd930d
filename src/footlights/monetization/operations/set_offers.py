"""Decide how a title can be got, and for how much."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from footlights.audit.api import Act, record
from footlights.catalog.api import TitleAccess
from footlights.monetization import policies
from footlights.monetization.models import IS_CURRENT, OfferRow, PurchaseRow
from footlights.monetization.operations.access import require_seller
from footlights.monetization.operations.price_abroad import price_abroad
from footlights.monetization.records import NewOffer, Offer
from footlights.terms import api as terms
from footlights.terms.api import SaleKind


def set_offers(*, title_id: uuid.UUID, editor_id: uuid.UUID, offers: Sequence[NewOffer], at: datetime) -> list[Offer]:
    """Make `offers` the ways to get the title; none takes it off sale. What was bought before stays bought.

    An offer that stays as it is keeps its id; another price is a new offer. Safe to repeat. Locks the title's current
    offers. Raises InvalidInputError, and NotFoundError to whoever may not price the title.
    """
    access = require_seller(title_id=title_id, editor_id=editor_id)
    policies.check_offers(offers)
    for offer in offers:
        check_limits(offer, at)
    with transaction.atomic():
        current = {
            row.terms: row
            for row in OfferRow.objects.filter(IS_CURRENT, title_id=title_id)
            .select_for_update(no_key=True)
            .order_by("pk")
        }
        before = {row.kind: row for wanted, row in current.items() if wanted not in offers}
        for row in before.values():
            withdraw(row, at)
        rows = [
            current.get(offer) or take_its_place(before.get(offer.kind), access, offer, editor_id, at)
            for offer in offers
        ]
        if set(offers) != current.keys():
            tell_price(access, before=current.values(), after=rows)
    return [row.to_record() for row in rows]


def check_limits(offer: NewOffer, at: datetime) -> None:
    """Raises InvalidInputError where the platform's terms do not allow a price of the offer."""
    if offer.kind not in policies.COST_NOTHING:
        least = offer.early.price if offer.early else offer.price
        for price in {least, offer.price}:
            terms.check_price(SaleKind(offer.kind), price, at)


def tell_price(access: TitleAccess, *, before: Iterable[OfferRow], after: Iterable[OfferRow]) -> None:
    """Put another price into the trail. Joins the caller's transaction."""
    record(
        act=Act.PRICE_CHANGED,
        object_kind="title",
        object_id=access.title_id,
        channel_id=access.channel_id,
        person_ids=[access.owner_id],
        before={"offers": sorted(words_of(row) for row in before)},
        after={"offers": sorted(words_of(row) for row in after)},
    )


def words_of(priced: OfferRow | PurchaseRow) -> str:
    """Such as “rent 4.00 EUR”: the same for every reader."""
    return f"{priced.kind} {priced.price.decimal} {priced.price.currency}"


def withdraw(row: OfferRow, at: datetime) -> None:
    """From now on nobody gets it any more. Joins the caller's transaction."""
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])


def take_its_place(
    row: OfferRow | None, access: TitleAccess, offer: NewOffer, editor_id: uuid.UUID, at: datetime
) -> OfferRow:
    """Make the offer, in place of the one before it, with a price in each market of its channel."""
    made = create(access.title_id, offer, editor_id, at)
    if offer.price:
        price_abroad(made, access.channel_id, before=row, by_id=editor_id, at=at)
    return made


def create(title_id: uuid.UUID, offer: NewOffer, editor_id: uuid.UUID, at: datetime) -> OfferRow:
    return OfferRow.objects.create(
        title_id=title_id,
        kind=offer.kind,
        amount_minor=offer.price.amount_minor,
        currency=offer.price.currency,
        tier=offer.tier,
        floor_minor=None if offer.floor is None else offer.floor.amount_minor,
        early_minor=offer.early.price.amount_minor if offer.early else None,
        early_from=offer.early.from_at if offer.early else None,
        early_until=offer.early.until if offer.early else None,
        created_by=editor_id,
        created_at=at,
    )
