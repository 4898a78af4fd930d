"""Where somebody seems to be, by the address of the request unless they said otherwise, and what they pay in."""

import re

from django.http import HttpRequest

from footlights.kernel.countries import country_of
from footlights.prices.api import Buyer, reach_of
from footlights.taxes.api import Evidence
from footlights.web.origin import address_of

CURRENCY_COOKIE = "currency"
CURRENCY = re.compile(r"[A-Z]{3}")


def country_of_request(request: HttpRequest) -> str:
    """ISO 3166-1 alpha-2, or nothing where the address has no country. Asks nobody."""
    address = address_of(request)
    return country_of(address) if address else ""


def evidence_of(request: HttpRequest, *, billing: str = "") -> Evidence:
    """What a request tells of where its sender is, with the country they chose."""
    return Evidence(address=country_of_request(request), billing=billing)


def currency_chosen(request: HttpRequest) -> str:
    """The currency a reader chose in the page's foot (web.storefront.currency); nothing while they chose none."""
    chosen = request.COOKIES.get(CURRENCY_COOKIE, "")
    return chosen if CURRENCY.fullmatch(chosen) else ""


def buyer_of_request(request: HttpRequest) -> Buyer:
    """Who asks for a price, as far as a request tells."""
    return Buyer(country_of_request(request), currency_chosen(request))


def reach_of_request(request: HttpRequest) -> Buyer:
    """As much of a reader as the prices of a page depend on."""
    return reach_of(buyer_of_request(request))
