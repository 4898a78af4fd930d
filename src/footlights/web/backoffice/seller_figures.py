"""What sellers earned by quarter, as the year's reports tell it: who said who they are, masked, and their figures."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from footlights.accounts.api import UNION, KeptTaxpayer, list_masked_persons, list_taxpayers
from footlights.kernel.clock import now
from footlights.kernel.ids import parse_id
from footlights.sellers.api import Quarters, quarters_of_each
from footlights.web.checkout.countries import names_of
from footlights.web.payouts.figures import table_of, year_asked, years_until

PER_PAGE = 20


@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Of the year named by ?year, else this one; so many sellers at once, those after ?after."""
    years = years_until(now().year)
    year = year_asked(request, years)
    found = list_taxpayers(after=parse_id(request.GET.get("after", "")), limit=PER_PAGE + 1)
    sellers = found[:PER_PAGE]
    ids = [each.person_id for each in sellers]
    quarters, people, countries = quarters_of_each(ids, year), list_masked_persons(set(ids)), names_of(_language())
    lines = [
        _line(seller, people.get(seller.person_id), countries, quarters.get(seller.person_id, [])) for seller in sellers
    ]
    context = {
        "section": "payouts",
        "year": year,
        "years": years,
        "lines": [line for line in lines if line["tables"]],
        "next": ids[-1] if len(found) > PER_PAGE else None,
    }
    return render(request, "backoffice/seller_figures.html", context)


def _language() -> str:
    return get_language() or "en"


def _line(
    seller: KeptTaxpayer, person: Any, countries: dict[str, str], quarters: list[Quarters]
) -> dict[str, UUID | Any]:
    """`is_reported`: whether the Union's report has them; the United States' has limits of its own."""
    country = seller.taxpayer.country
    return {
        "id": seller.person_id,
        "person": person,
        "country": countries.get(country, country),
        "is_reported": country in UNION,
        "tables": [table_of(each) for each in quarters],
    }
