"""Stripe Tax: what a place asks of services by wire, as Stripe knows it; only where Stripe has our registration.

Asked for by a Tax Calculation of a round price (https://docs.stripe.com/api/tax/calculations): all it says of a place
is the rate, with which each price is then taken apart here, so that a page and the till never differ. Told of a country
alone, which is enough everywhere but in Canada (its province) and the United States (a postcode, which we never ask).
"""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache

import stripe
from django.conf import settings

WITHIN_S = 3.0  # somebody waits at the till meanwhile
ROUND_PRICE = 1_000_000
PERCENT_MICRO = 10_000  # of a million
TAX_CODE = "txcd_10000000"  # General: Electronically Supplied Services
NAMES = {"sales_tax": "Sales tax", "lease_tax": "Lease tax"}  # others are said by their letters: VAT, GST, HST, QST
NAME_LENGTH_MAX = 10
logging.getLogger("stripe").setLevel(logging.WARNING)  # it writes a line for each call


class TaxSilentError(Exception):
    """Stripe did not say what a place asks. Its word for why."""


@dataclass(frozen=True, slots=True)
class PlaceRate:
    """In millionths of the net; zero where nothing is collected."""

    rate_micro: int
    name: str


class StripeTax:
    def ask(self, country: str, region: str, *, on: date) -> PlaceRate:
        """Within three seconds. Writes nothing, here or there. Raises TaxSilentError."""
        address = {"country": country} | ({"state": region} if region else {})
        try:
            found = _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API, WITHIN_S).v1.tax.calculations.create(
                {
                    "currency": "eur",
                    "line_items": [
                        {
                            "amount": ROUND_PRICE,
                            "reference": "price",
                            "tax_behavior": "exclusive",
                            "tax_code": TAX_CODE,
                        }
                    ],
                    "customer_details": {"address": address, "address_source": "billing"},  # type: ignore[typeddict-item]
                    "tax_date": int(datetime.combine(on, time(12), UTC).timestamp()),
                }
            )
        except stripe.StripeError as error:
            raise TaxSilentError(error.code or type(error).__name__) from error
        taxes = [each for each in found.tax_breakdown if each.amount]
        details = [each.tax_rate_details for each in taxes]
        micro = sum(int(Decimal(each.percentage_decimal) * PERCENT_MICRO) for each in details)
        names = [NAMES.get(str(each.tax_type), str(each.tax_type).upper()) for each in details]
        return PlaceRate(micro, "+".join(names)[:NAME_LENGTH_MAX])


@cache
def _client(key: str, api: str, within_s: float) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": api},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=within_s),
    )
