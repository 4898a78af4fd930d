"""In which country somebody seems to be: by the address of the request, unless they said otherwise."""

from django.http import HttpRequest

from footlights.kernel.countries import country_of
from footlights.taxes.api import Evidence
from footlights.web.origin import address_of


def country_of_request(request: HttpRequest) -> str:
    """ISO 3166-1 alpha-2, or nothing where the address has no country. Asks nobody."""
    address = address_of(request)
    return country_of(address) if address else ""


def evidence_of(request: HttpRequest, *, billing: str = "") -> Evidence:
    """What a request tells of where its sender is, with the country they chose."""
    return Evidence(address=country_of_request(request), billing=billing)
