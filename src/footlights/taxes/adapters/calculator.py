"""What works out a tax: the contract, and the one that reads our own tables."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from footlights.kernel.money import Money
from footlights.taxes import policies
from footlights.taxes.records import Registration, TaxQuote


@dataclass(frozen=True, slots=True)
class TaxedSale:
    """All a calculator is told. Not who buys: a country is enough."""

    price: Money
    kind: str
    country: str | None
    region: str
    on: date
    registrations: tuple[Registration, ...]
    is_business: bool = False  # whether its number counts in that country


class TaxCalculator(Protocol):
    """Takes a price apart. Charges nothing where the service is not registered."""

    def quote(self, sale: TaxedSale) -> TaxQuote: ...

    def needs_postcode(self, country: str) -> bool:
        """Whether the tax there depends on the buyer's postcode, which is told as the sale's region then."""


class Tables:
    """By the dated tables that come with the service. Asks nobody."""

    def needs_postcode(self, country: str) -> bool:  # noqa: ARG002  no table goes by postcodes
        return False

    def quote(self, sale: TaxedSale) -> TaxQuote:
        if sale.country is None or sale.kind in policies.NO_CONSIDERATION:
            return policies.untaxed(sale.price, sale.country)
        rate = policies.rate_at(sale.country, sale.region, sale.on)
        if rate is None or not policies.is_registered_for(rate, sale.registrations, sale.on):
            return policies.untaxed(sale.price, sale.country)
        if sale.is_business and policies.reverse_charge_number(rate, sale.registrations, sale.on):
            return policies.reversed_charge(rate, sale.price, country=sale.country)
        return policies.apply(rate, sale.price, country=sale.country)
