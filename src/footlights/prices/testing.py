"""Rates and markets for tests, of this context and of others."""

from datetime import date
from decimal import Decimal
from typing import Any

from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.prices.api import Market, open_market
from footlights.prices.operations.keep_rates import keep_rates
from footlights.prices.records import Rate

RATES = {"USD": "1.10", "JPY": "160", "INR": "90", "GBP": "0.85"}


def know_rates(on: date | None = None, **rates: str) -> None:
    """What one euro buys: 1.10 USD, 160 JPY, 90 INR, 0.85 GBP unless told otherwise."""
    day = on or now().date()
    keep_rates([Rate(code, day, Decimal(rate), "administrator") for code, rate in (RATES | rates).items()])


def sell_in(channel: Any, *markets: Market) -> None:
    """The channel sells there from now on."""
    for market in markets:
        open_market(channel_id=channel.id, market=market, by_id=new_id(), at=now())
