"""An offer as one buyer is asked for it: in the currency and at the price its creator agreed to where they are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from footlights.monetization.records import NewOffer, Offer
from footlights.prices.api import AT_HOME, Asked, Buyer, price_for, prices_for


def subject_of(offer_id: UUID) -> str:
    """What its local prices are kept under."""
    return f"offer:{offer_id}"


def asked_at_home(offer: Offer | NewOffer) -> Asked:
    """A floor or an early price is the lesser one; no offer has both."""
    return Asked(offer.price, offer.floor if offer.floor is not None else offer.early.price if offer.early else None)


def for_buyer(offer: Offer, buyer: Buyer) -> Offer:
    """One query where anything is sold in another currency, none elsewhere."""
    return _asking(offer, price_for(subject_of(offer.id), asked_at_home(offer), buyer))


def all_for_buyer(offers: Mapping[UUID, Sequence[Offer]], buyer: Buyer = AT_HOME) -> dict[UUID, list[Offer]]:
    """The same for the offers of many titles, in one query for all."""
    homes = {subject_of(each.id): asked_at_home(each) for of_title in offers.values() for each in of_title}
    asked = prices_for(homes, buyer)
    return {
        title_id: [_asking(each, asked[subject_of(each.id)]) for each in of_title]
        for title_id, of_title in offers.items()
    }


def _asking(offer: Offer, asked: Asked) -> Offer:
    lesser = asked.lesser
    return replace(
        offer,
        price=asked.price,
        floor=lesser if offer.floor is not None else None,
        early=replace(offer.early, price=lesser) if offer.early and lesser is not None else offer.early,
    )
