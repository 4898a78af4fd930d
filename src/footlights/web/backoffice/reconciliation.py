"""Where the gateways' own accounts differ from what we know: the days as a picture, the differences with both sides."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from footlights.payments.api import Difference, list_differences, list_reconciled_days
from footlights.web.paging import PER_PAGE, number_of, page_of


@require_GET
def reconciliation(request: HttpRequest) -> HttpResponse:
    day = _day(request.GET.get("day", ""))
    page = page_of(request, list_differences(day=day, limit=PER_PAGE + 1, offset=(number_of(request) - 1) * PER_PAGE))
    context = {
        "section": "books",
        "days": list(reversed(list_reconciled_days())),
        "day": day,
        "page": page,
        "lines": [{"difference": each, "what": _what(each)} for each in page.rows],
    }
    return render(request, "backoffice/reconciliation.html", context)


def _what(difference: Difference) -> str:
    if difference.here is None:
        return "missing_here"
    return "missing_there" if difference.there is None else "differs"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
