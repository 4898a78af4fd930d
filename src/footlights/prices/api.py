"""The door of prices: what something costs a buyer, in their currency."""

from footlights.prices.errors import PricesError, RatesUnavailableError
from footlights.prices.operations.agree import agree_prices
from footlights.prices.operations.keep_rates import fetch_rates, set_rate
from footlights.prices.operations.markets import close_market, open_market
from footlights.prices.policies import (
    asked_abroad,
    choose,
    convert,
    country_with,
    currency_of,
    is_far_off,
    pleasant,
    propose,
)
from footlights.prices.queries import (
    currencies_sold_in,
    list_markets,
    list_prices,
    list_proposals,
    list_rates,
    price_for,
    prices_for,
    rates_on,
    reach_of,
)
from footlights.prices.records import AT_HOME, WHOLE_BPS, Asked, Buyer, LocalPrice, Market, Rate, Rates

__all__ = [
    "AT_HOME",
    "WHOLE_BPS",
    "Asked",
    "Buyer",
    "LocalPrice",
    "Market",
    "PricesError",
    "Rate",
    "Rates",
    "RatesUnavailableError",
    "agree_prices",
    "asked_abroad",
    "choose",
    "close_market",
    "convert",
    "country_with",
    "currencies_sold_in",
    "currency_of",
    "fetch_rates",
    "is_far_off",
    "list_markets",
    "list_prices",
    "list_proposals",
    "list_rates",
    "open_market",
    "pleasant",
    "price_for",
    "prices_for",
    "propose",
    "rates_on",
    "reach_of",
    "set_rate",
]
