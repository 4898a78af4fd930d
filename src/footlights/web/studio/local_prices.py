"""What a channel's titles cost in one market: lines of a page, with what today's rate would say beside each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from footlights.catalog.api import Title, list_titles_of
from footlights.kernel.money import Money
from footlights.monetization.api import Offer, asked_at_home, offers_for_titles, subject_of
from footlights.prices.api import LocalPrice, Market, asked_abroad, is_far_off, list_prices, propose, rates_on
from footlights.web.studio.presenting import net_abroad
from footlights.web.studio.price_form import SOLD, plain_amount

PER_PAGE = 25
FAR_BPS = 1_000  # rates that moved a tenth


@dataclass(slots=True)
class LocalLine:
    """One offer of a title. `typed` is what its field holds."""

    title: Title
    offer: Offer
    currency: str
    kept: LocalPrice | None
    others: Sequence[LocalPrice]
    proposed: Money | None
    net: dict[str, Any]
    typed: str
    error: str = ""

    @property
    def field(self) -> str:
        return f"price-{self.offer.id}"

    @property
    def is_far_off(self) -> bool:
        if self.kept is None or self.proposed is None:
            return False
        return is_far_off(self.kept.asked.price, self.proposed, bps=FAR_BPS)

    def agreed_with(self, price: Money | None, market: Market) -> list[LocalPrice]:
        """All local prices of the offer, when this one is `price`; None sells it at home's price there."""
        if not price:
            return list(self.others)
        if self.kept and self.kept.asked.price == price:
            return [*self.others, self.kept]
        asked = asked_abroad(asked_at_home(self.offer), price)
        return [*self.others, LocalPrice(market.currency, market.country, asked)]


def lines_of(channel_id: UUID, market: Market, page: int, *, at: datetime) -> tuple[list[LocalLine], bool]:
    """One page of a channel's titles, a line for each way to pay for one, and whether there are more titles."""
    titles = list_titles_of(channel_id, order="name", limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
    shown = titles[:PER_PAGE]
    offers = offers_for_titles([title.id for title in shown])
    sold = [(title, offer) for title in shown for offer in offers[title.id] if offer.kind in SOLD]
    kept = list_prices([subject_of(offer.id) for _title, offer in sold])
    rates = rates_on(at.date())
    lines = []
    for title, offer in sold:
        known = kept.get(subject_of(offer.id), ())
        here = next(
            (each for each in known if (each.currency, each.country) == (market.currency, market.country)), None
        )
        proposal = propose(asked_at_home(offer), market, rates)
        price = here.asked.price if here else proposal.asked.price if proposal else None
        lines.append(
            LocalLine(
                title=title,
                offer=offer,
                currency=market.currency,
                kept=here,
                others=[each for each in known if each is not here],
                proposed=proposal.asked.price if proposal else None,
                net=net_abroad(price, offer.kind, channel_id, market),
                typed=plain_amount(price),
            )
        )
    return lines, len(titles) > PER_PAGE
