"""Bounded reads: rates, where a channel sells, and what a buyer is asked."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from footlights.kernel.shared import Shared
from footlights.prices import policies
from footlights.prices.models import LocalPriceRow, MarketRow, RateRow
from footlights.prices.records import AT_HOME, Asked, Buyer, LocalPrice, Market, Rate, Rates

MARKETS_MAX = 100
SOLD_IN_MAX = 2_000
RATES_MAX = 200
Sold = frozenset[tuple[str, str]]
# Asked by every page that names a price. Another process learns of a new market within seconds.
_sold: Shared[Sold] = Shared(fresh_s=5, stale_s=5, capacity=1)


def price_for(subject: str, home: Asked, buyer: Buyer) -> Asked:
    """What this buyer is asked for `subject` ("offer:<id>"): what its creator agreed to there, else what it is at home.

    The one place where a price changes its currency. Everything after it is in the currency of its answer.
    """
    return prices_for({subject: home}, buyer)[subject]


def prices_for(homes: "dict[str, Asked]", buyer: Buyer) -> dict[str, Asked]:
    """The same for many, in one query; in none for a buyer who is asked everywhere what is asked at home."""
    if reach_of(buyer) == AT_HOME:
        return homes
    known = list_prices(list(homes))
    asked = {}
    for subject, home in homes.items():
        chosen = policies.choose(known.get(subject, ()), buyer)
        asked[subject] = chosen.asked if chosen and home.price else home
    return asked


def reach_of(buyer: Buyer) -> Buyer:
    """As much of a buyer as prices depend on: whoever is told the same prices is the same here.

    So pages that are kept for many readers are kept once for each currency that is sold in, and no more.
    """
    if buyer == AT_HOME:
        return AT_HOME
    sold = sold_in()
    wanted = buyer.currency or policies.currency_of(buyer.country)
    for currency, country in sold:
        if country and country == buyer.country and buyer.currency in {"", currency}:
            return Buyer(country=country, currency=buyer.currency)
    return Buyer(currency=wanted) if (wanted, "") in sold else AT_HOME


def sold_in() -> Sold:
    """Currencies, and countries with prices of their own, that any channel sells in beside its own."""
    return _sold.get("all", _read_sold)


def currencies_sold_in() -> list[str]:
    """What a reader may choose to pay in, beside what each price is in at home."""
    return sorted({currency for currency, country in sold_in() if not country})


def list_prices(subjects: Sequence[str]) -> dict[str, tuple[LocalPrice, ...]]:
    """What was agreed to for each; nothing for those that are sold at home's price alone."""
    prices: dict[str, tuple[LocalPrice, ...]] = {}
    for row in LocalPriceRow.objects.filter(subject__in=subjects).order_by("currency", "country"):
        prices[row.subject] = (*prices.get(row.subject, ()), row.to_record())
    return prices


def list_markets(channel_id: UUID) -> list[Market]:
    """Where it sells in a currency that is not its own, by currency; at most 100."""
    rows = MarketRow.objects.filter(channel_id=channel_id).order_by("currency", "country")[:MARKETS_MAX]
    return [row.to_record() for row in rows]


def rates_on(day: date) -> Rates:
    """The newest rate of each currency that was known on that day."""
    rows = RateRow.objects.filter(on__lte=day).order_by("currency", "-on").distinct("currency")[:RATES_MAX]
    return Rates({row.currency: row.to_record() for row in rows})


def list_rates(day: date) -> list[Rate]:
    """Those rates, by currency."""
    return sorted(rates_on(day).by_currency.values(), key=lambda rate: rate.currency)


def list_proposals(
    *, channel_id: UUID, home: Asked, on: date, before: tuple[str, Asked] | None = None
) -> list[LocalPrice]:
    """What would be asked in each market of a channel when `home` is asked at home: nothing is kept.

    `before` names what it takes the place of, with what that was asked at home: its prices are followed in proportion,
    so that no rate changes what was agreed to. Markets without a rate have no proposal.
    """
    kept = (
        {(each.currency, each.country): each for each in list_prices([before[0]]).get(before[0], ())} if before else {}
    )
    rates = rates_on(on)
    proposals: Iterable[LocalPrice | None] = (
        policies.follow(followed, was=before[1], becomes=home)
        if before and (followed := kept.get((market.currency, market.country)))
        else policies.propose(home, market, rates)
        for market in list_markets(channel_id)
    )
    return [each for each in proposals if each is not None]


def forget_sold() -> None:
    _sold.clear()


def _read_sold() -> Sold:
    rows = MarketRow.objects.order_by("currency", "country").values_list("currency", "country").distinct()
    return frozenset(rows[:SOLD_IN_MAX])
