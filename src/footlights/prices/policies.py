"""The arithmetic of prices in other currencies. Pure: rates, markets and what was agreed to are given."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

from babel.numbers import get_territory_currencies

from footlights.kernel.money import Money, exponent_of
from footlights.prices.records import WHOLE_BPS, Asked, Buyer, LocalPrice, Market, Rates

CENTS = 2  # digits after the point
QUARTER, HALF, SMALL, WHOLE, HUNDRED = 25, 49, 75, 1_00, 100_00  # of a euro, in cents
QUARTER_MILLS, TEN_MILLS = 250, 10_000  # of a dinar


@cache
def currency_of(country: str) -> str:
    """What people pay with in a country today, by CLDR; nothing where nobody wrote it down."""
    used = get_territory_currencies(country) if country else []
    return str(used[0]) if used else ""


def country_with(currency: str) -> str:
    """The country a currency is named after (ISO 4217: its first two letters); none for the euro and other unions."""
    country = currency[:2]
    return country if country != "EU" and currency_of(country) == currency else ""


def choose(prices: Iterable[LocalPrice], buyer: Buyer) -> LocalPrice | None:
    """What a buyer is asked: the price of their country, then that of their currency; None is the price at home.

    Whoever chooses another currency than their country's price has pays what everybody pays in that one.
    """
    known = {(each.currency, each.country): each for each in prices}
    wanted = buyer.currency or currency_of(buyer.country)
    if buyer.country:
        for (currency, country), each in known.items():
            if country == buyer.country and buyer.currency in {"", currency}:
                return each
    return known.get((wanted, ""))


def convert(amount: Money, currency: str, rates: Rates) -> Money | None:
    """The same at those rates, rounded half to even; None where one of the two has no rate."""
    if amount.currency == currency:
        return amount
    source, target = rates.per_euro(amount.currency), rates.per_euro(currency)
    if source is None or target is None:
        return None
    minor = (amount.decimal * target / source).scaleb(exponent_of(currency))
    return Money(int(minor.to_integral_value(ROUND_HALF_EVEN)), currency)


def propose(home: Asked, market: Market, rates: Rates) -> LocalPrice | None:
    """A pleasant price for a market at those rates; None where there is no rate."""
    exact = convert(home.price, market.currency, rates)
    if exact is None:
        return None
    return LocalPrice(market.currency, market.country, asked_abroad(home, pleasant(exact.share_bps(market.share_bps))))


def follow(local: LocalPrice, *, was: Asked, becomes: Asked) -> LocalPrice:
    """The local price after the one at home changed: in the same proportion, and pleasant; no rate comes into it."""
    if becomes == was:
        return local
    price = local.asked.price
    if becomes.price != was.price:
        price = pleasant(_in_proportion(price, becomes.price, was.price))
    return LocalPrice(local.currency, local.country, asked_abroad(becomes, price))


def asked_abroad(home: Asked, price: Money) -> Asked:
    """With the smaller price in the proportion it has at home, pleasant where that leaves it smaller."""
    if not home.lesser:
        return Asked(price, None if home.lesser is None else Money(0, price.currency))
    exact = _in_proportion(price, home.lesser, home.price)
    nice = pleasant(exact) if exact else exact
    return Asked(price, nice if nice < price else min(exact, Money(max(1, price.amount_minor - 1), price.currency)))


def pleasant(amount: Money) -> Money:
    """The nearest amount that people are used to see: 4.99, 1,499, ¥1,500, KWD 1.250. Never nothing.

    With two digits after the point: x.99 below a hundred, then whole amounts that end in 9, in steps of a tenth of
    their size. Without any: steps of a tenth of their size, of ten at least. With three: quarters below ten.
    """
    digits, minor = exponent_of(amount.currency), amount.amount_minor
    if digits == CENTS and minor < SMALL:
        return Money(HALF if 2 * minor >= QUARTER + HALF else QUARTER, amount.currency)
    if digits == CENTS:
        step = 100 if minor < HUNDRED else _tenth(minor)
        less = 1 if minor < HUNDRED else WHOLE
    elif digits == 0:
        step, less = max(10, _tenth(minor)), 0
    else:
        step, less = (QUARTER_MILLS if minor < TEN_MILLS else _tenth(minor)), 0
    steps = max(1, (minor + less + step // 2) // step)
    nice = steps * step - less
    return Money(max(nice, HUNDRED - 1) if less == WHOLE else nice, amount.currency)  # 99.99 stands between the two


def is_far_off(agreed: Money, proposed: Money, *, bps: int) -> bool:
    """Whether rates moved so far that the price deserves another look."""
    return abs(proposed.amount_minor - agreed.amount_minor) * WHOLE_BPS > agreed.amount_minor * bps


def _in_proportion(amount: Money, part: Money, whole: Money) -> Money:
    """`part / whole` of the amount, rounded half to even."""
    minor = Decimal(amount.amount_minor) * part.amount_minor / whole.amount_minor
    return Money(int(minor.to_integral_value(ROUND_HALF_EVEN)), amount.currency)


def _tenth(minor: int) -> int:
    """A step of two significant digits: 10 for 148, 100 for 1,480."""
    return int(10 ** max(0, len(str(minor)) - 2))
