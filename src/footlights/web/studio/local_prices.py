"""What a channel asks in one market: lines of a page, with what today's rate would say beside each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from footlights.catalog.api import list_collections_of, list_titles_of
from footlights.kernel.money import Money
from footlights.live.api import list_broadcasts
from footlights.monetization import api as monetization
from footlights.monetization.api import (
    OfferKind,
    full_name,
    offers_for_collections,
    offers_for_titles,
    ticket_offers,
)
from footlights.prices.api import Asked, LocalPrice, Market, asked_abroad, is_far_off, list_prices, propose, rates_on
from footlights.subscriptions import api as subscriptions
from footlights.subscriptions.api import Interval
from footlights.terms.api import SaleKind
from footlights.web.studio.presenting import net_abroad
from footlights.web.studio.price_form import SOLD, plain_amount

PER_PAGE = 25
FAR_BPS = 1_000  # rates that moved a tenth


@dataclass(frozen=True, slots=True)
class Sold:
    """Something with a price at home: an offer of a title, a collection or a ticket, or a membership's."""

    id: UUID
    kind: SaleKind
    home: Asked
    name: str
    words: str
    href: str

    @property
    def subject(self) -> str:
        subject_of = subscriptions.subject_of if self.kind is SaleKind.SUBSCRIPTION else monetization.subject_of
        return subject_of(self.id)


@dataclass(slots=True)
class LocalLine:
    """One of them in one market. `typed` is what its field holds."""

    sold: Sold
    currency: str
    kept: LocalPrice | None
    others: Sequence[LocalPrice]
    proposed: Money | None
    net: dict[str, Any]
    typed: str
    error: str = ""

    @property
    def field(self) -> str:
        return f"price-{self.sold.id}"

    @property
    def is_far_off(self) -> bool:
        if self.kept is None or self.proposed is None:
            return False
        return is_far_off(self.kept.asked.price, self.proposed, bps=FAR_BPS)

    def agreed_with(self, price: Money | None, market: Market) -> list[LocalPrice]:
        """All its local prices, when this one is `price`; None asks the one at home there."""
        if not price:
            return list(self.others)
        if self.kept and self.kept.asked.price == price:
            return [*self.others, self.kept]
        return [*self.others, LocalPrice(market.currency, market.country, asked_abroad(self.sold.home, price))]


def lines_of(channel_id: UUID, market: Market, page: int, *, at: datetime) -> tuple[list[LocalLine], bool]:
    """A page of what a channel sells, all but titles on the first, and whether there is more."""
    titles = list_titles_of(channel_id, order="name", limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
    offers = offers_for_titles([title.id for title in titles[:PER_PAGE]])
    ways = {OfferKind.RENT: _("to rent"), OfferKind.BUY: _("to keep")}
    sold = [
        Sold(
            offer.id,
            SaleKind(offer.kind),
            monetization.asked_at_home(offer),
            title.name,
            ways[offer.kind],
            reverse("studio:title", args=[title.id]) + "#price",
        )
        for title in titles[:PER_PAGE]
        for offer in offers[title.id]
        if offer.kind in SOLD
    ]
    first = [*_memberships(channel_id), *_collections(channel_id), *_tickets(channel_id)] if page == 1 else []
    return _lines([*first, *sold], channel_id, market, at), len(titles) > PER_PAGE


def agree(
    *, channel_id: UUID, editor_id: UUID, lines: Sequence[tuple[LocalLine, list[LocalPrice]]], at: datetime
) -> None:
    """Each line at the prices beside it, from now on."""
    plans = {line.sold.id: wanted for line, wanted in lines if line.sold.kind is SaleKind.SUBSCRIPTION}
    offers = {line.sold.id: wanted for line, wanted in lines if line.sold.kind is not SaleKind.SUBSCRIPTION}
    if plans:
        subscriptions.agree_abroad(channel_id=channel_id, editor_id=editor_id, prices=plans, at=at)
    monetization.agree_abroad(editor_id=editor_id, prices=offers, at=at)


def _memberships(channel_id: UUID) -> Iterable[Sold]:
    every = {Interval.MONTH: _("a month"), Interval.YEAR: _("a year")}
    for plan in subscriptions.list_plans(channel_id):
        href = reverse("studio:plan", args=[plan.tier])
        for terms in plan.terms:
            home = subscriptions.asked_at_home(terms)
            yield Sold(terms.id, SaleKind.SUBSCRIPTION, home, plan.name, every[terms.interval], href)


def _collections(channel_id: UUID) -> Iterable[Sold]:
    found = list_collections_of(channel_id)
    offers = offers_for_collections([each.id for each in found])
    for each in found:
        if offer := offers.get(each.id):
            href = reverse("studio:collection", args=[each.id]) + "#price"
            home = monetization.asked_at_home(offer)
            yield Sold(offer.id, SaleKind.BUY, home, full_name(each), _("all of it"), href)


def _tickets(channel_id: UUID) -> Iterable[Sold]:
    """To what is on air or comes."""
    found = [each for each in list_broadcasts(channel_id) if not each.is_over]
    offers = ticket_offers([each.id for each in found])
    for each in found:
        if offer := offers.get(each.id):
            href = reverse("studio:broadcast", args=[each.id])
            yield Sold(offer.id, SaleKind.TICKET, monetization.asked_at_home(offer), each.name, _("a ticket"), href)


def _lines(sold: Sequence[Sold], channel_id: UUID, market: Market, at: datetime) -> list[LocalLine]:
    kept = list_prices([each.subject for each in sold])
    rates = rates_on(at.date())
    return [
        _line(each, kept.get(each.subject, ()), propose(each.home, market, rates), channel_id, market) for each in sold
    ]


def _line(
    sold: Sold, known: Sequence[LocalPrice], proposal: LocalPrice | None, channel_id: UUID, market: Market
) -> LocalLine:
    here = next((each for each in known if (each.currency, each.country) == (market.currency, market.country)), None)
    shown = here or proposal
    price = shown.asked.price if shown else None
    return LocalLine(
        sold=sold,
        currency=market.currency,
        kept=here,
        others=[each for each in known if each is not here],
        proposed=proposal.asked.price if proposal else None,
        net=net_abroad(price, sold.kind, channel_id, market),
        typed=plain_amount(price),
    )
