"""Where the gateways' accounts, what we know and the books differ: the days as a picture, and all sides of each."""

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
    sides = {"here": difference.here, "there": difference.there, "booked": difference.booked}
    missing = [side for side, amount in sides.items() if not amount]
    if len(missing) == 1:
        return f"missing_{missing[0]}"
    return f"only_{next(side for side in sides if side not in missing)}" if len(missing) == 2 else "differs"  # noqa: PLR2004


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
