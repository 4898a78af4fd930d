"""Stripe Tax: what a place asks of services by wire, as Stripe knows it; only where Stripe has our registration.

Asked for by a Tax Calculation of a round price (https://docs.stripe.com/api/tax/calculations): all it says of a place
is the rate, with which each price is then taken apart here, so that a page and the till never differ. Told of a country
alone, which is enough everywhere but in Canada (its province) and the United States (a postcode of five digits).

Each invoice and credit note is told to it afterwards, as a Tax Transaction and its reversals, for Stripe's tax reports
(https://docs.stripe.com/api/tax/transactions).
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

import stripe
from django.conf import settings

from footlights.kernel.money import Money
from footlights.taxes.policies import BY_POSTCODE

WITHIN_S = 3.0  # somebody waits at the till meanwhile
FILED_WITHIN_S = 20.0
SERVER_ERROR = 500
NOT_NOW = 409, 429  # another of our calls has the lock; too many
COUNTED_OTHERWISE = frozenset({"ISK", "UGX", "MGA", "BHD", "JOD", "KWD", "OMR", "TND"})
NOWHERE = "customer_tax_location_invalid"
ROUND_PRICE = 1_000_000
PERCENT_MICRO = 10_000  # of a million
TAX_CODE = "txcd_10000000"  # General: Electronically Supplied Services
NAMES = {"sales_tax": "Sales tax", "lease_tax": "Lease tax"}  # others are said by their letters: VAT, GST, HST, QST
NAME_LENGTH_MAX = 10
logging.getLogger("stripe").setLevel(logging.WARNING)  # it writes a line for each call


class TaxSilentError(Exception):
    """Stripe did not say what a place asks. Its word for why."""


class NoSuchPlaceError(Exception):
    """Stripe knows no such place: a postcode that nobody has."""


class FilingRefusedError(Exception):
    """Stripe does not take this sale or what went back of it. Its word for why; asking again changes nothing."""


@dataclass(frozen=True, slots=True)
class NewFiling:
    """A sale to be told. `amounts` are its lines with their tax."""

    reference: str
    country: str
    region: str  # of the United States the postcode
    amounts: tuple[Money, ...]
    at: datetime

    @property
    def currency(self) -> str:
        return self.amounts[0].currency


@dataclass(frozen=True, slots=True)
class Filed:
    """How Stripe calls it, and the tax that is in it by Stripe's own account."""

    id: str
    tax: Money


@dataclass(frozen=True, slots=True)
class PlaceRate:
    """In millionths of the net; zero where nothing is collected."""

    rate_micro: int
    name: str
    state: str = ""  # in which a postcode is


class StripeTax:
    def ask(self, country: str, region: str, *, on: date) -> PlaceRate:
        """Within three seconds. Writes nothing, here or there. Raises TaxSilentError, NoSuchPlaceError."""
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
                    "customer_details": {"address": _address(country, region), "address_source": "billing"},
                    "tax_date": int(datetime.combine(on, time(12), UTC).timestamp()),
                }
            )
        except stripe.StripeError as error:
            if error.code == NOWHERE and region:
                raise NoSuchPlaceError from error
            raise TaxSilentError(error.code or type(error).__name__) from error
        taxes = [each for each in found.tax_breakdown if each.amount]
        details = [each.tax_rate_details for each in taxes]
        micro = sum(int(Decimal(each.percentage_decimal) * PERCENT_MICRO) for each in details)
        names = [NAMES.get(str(each.tax_type), str(each.tax_type).upper()) for each in details]
        states = [each.state for each in details if each.state] if country == BY_POSTCODE else []
        return PlaceRate(micro, "+".join(dict.fromkeys(names))[:NAME_LENGTH_MAX], states[0] if states else "")

    def record(self, sale: NewFiling) -> Filed:
        """Tell Stripe of a sale: a calculation of its lines, and a transaction made from it.

        Once for each reference, however often (within the day that Stripe keeps keys). Raises TaxSilentError when it is
        not known whether it was told, FilingRefusedError when Stripe does not take it.
        """
        with _filing():
            calculation = _for_jobs().v1.tax.calculations.create(
                {
                    "currency": sale.currency.lower(),
                    "line_items": [
                        {
                            "amount": _amount(amount),
                            "reference": f"line-{number}",
                            "tax_behavior": "inclusive",
                            "tax_code": TAX_CODE,
                        }
                        for number, amount in enumerate(sale.amounts, start=1)
                    ],
                    "customer_details": {"address": _address(sale.country, sale.region), "address_source": "billing"},
                    "tax_date": int(sale.at.timestamp()),
                },
                {"idempotency_key": f"{sale.reference}:calculation"},
            )
            made = _for_jobs().v1.tax.transactions.create_from_calculation(
                {
                    "calculation": calculation.id or "",
                    "reference": sale.reference,
                    "posted_at": int(sale.at.timestamp()),
                },
                {"idempotency_key": sale.reference},
            )
        tax = calculation.tax_amount_inclusive + calculation.tax_amount_exclusive
        return Filed(made.id, Money(tax, sale.currency))

    def reverse(self, *, filed_id: str, reference: str, amount: Money) -> str:
        """Tell of `amount` (above zero, with its tax) going back of it. Once for each reference. Raises as `record`."""
        with _filing():
            made = _for_jobs().v1.tax.transactions.create_reversal(
                {
                    "mode": "partial",
                    "original_transaction": filed_id,
                    "reference": reference,
                    "flat_amount": -_amount(amount),
                },
                {"idempotency_key": reference},
            )
        return made.id


@contextmanager
def _filing() -> Iterator[None]:
    try:
        yield
    except (stripe.APIConnectionError, stripe.AuthenticationError, stripe.PermissionError) as error:
        raise TaxSilentError(error.code or type(error).__name__) from error
    except stripe.StripeError as error:
        word = error.code or type(error).__name__
        if (error.http_status or SERVER_ERROR) >= SERVER_ERROR or error.http_status in NOT_NOW:
            raise TaxSilentError(word) from error
        raise FilingRefusedError(word) from error


def _amount(amount: Money) -> int:
    """Raises FilingRefusedError for currencies that Stripe counts in other units than ISO 4217."""
    if amount.currency in COUNTED_OTHERWISE:
        raise FilingRefusedError(f"currency_{amount.currency.lower()}")
    return amount.amount_minor


def _address(country: str, region: str) -> Any:
    part = "postal_code" if country == BY_POSTCODE else "state"
    return {"country": country} | ({part: region} if region else {})


def _for_jobs() -> stripe.StripeClient:
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API, FILED_WITHIN_S)


@cache
def _client(key: str, api: str, within_s: float) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": api},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=within_s),
    )
