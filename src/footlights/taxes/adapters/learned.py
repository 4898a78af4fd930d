"""The calculator that uses what Stripe Tax said of each place. Asks nobody: operations/learn_rate.py did."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from footlights.taxes import policies
from footlights.taxes.adapters.calculator import Tables, TaxedSale
from footlights.taxes.records import KnownRate, TaxQuote

COUNTS_FOR = timedelta(days=30)  # an answer, while Stripe is silent since
TAX_ON_TOP = frozenset({"US", "CA"})  # where prices are shown without it, as far as the tables do not say


class Learned:
    """What is not known, or too old, is worked out by the tables; and who owes the tax of a business always is."""

    def __init__(self, find: Callable[[str, str], KnownRate | None]) -> None:
        """`find` gives what is known of a country and a region of it."""
        self._find = find

    def needs_postcode(self, country: str) -> bool:
        return country == policies.BY_POSTCODE

    def quote(self, sale: TaxedSale) -> TaxQuote:
        by_tables = Tables().quote(sale)
        rate = self._rate_of(sale)
        if rate is None or sale.country is None or sale.kind in policies.NO_CONSIDERATION or by_tables.is_reversed:
            return by_tables
        if not rate.rate_micro:
            return policies.untaxed(sale.price, sale.country)
        quote = policies.apply_known(rate, sale.price, country=sale.country, is_inclusive=self._is_inclusive(sale))
        return replace(quote, region=rate.state) if rate.state else quote

    def _rate_of(self, sale: TaxedSale) -> KnownRate | None:
        place = policies.SAME_TAXES_AS.get(sale.country or "", sale.country or "")
        found = self._find(place, sale.region) or self._find(place, "")
        return found if found and sale.on - found.learned_on <= COUNTS_FOR else None

    def _is_inclusive(self, sale: TaxedSale) -> bool:
        rate = policies.rate_at(sale.country or "", sale.region, sale.on)
        return rate.is_inclusive if rate else sale.country not in TAX_ON_TOP
