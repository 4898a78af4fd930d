"""One box that finds anything: people by name or mail, titles, payments by any id, amount or buyer, jobs."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from footlights.accounts.api import find_person, search_persons
from footlights.catalog.api import list_titles, search_all_titles
from footlights.kernel import job_board
from footlights.kernel.clock import now
from footlights.monetization.api import find_purchase
from footlights.payments.api import list_payments
from footlights.web.backoffice.payments import find_payments
from footlights.web.backoffice.titles import lines_of
from footlights.web.paging import asked_in

EACH = 8


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    text = asked_in(request)
    if found := _by_id(text):
        return redirect(*found)
    context: dict[str, object] = {"asked": text}
    if text:
        context |= {
            "people": search_persons(text, limit=EACH),
            "payments": find_payments(text, limit=EACH),
            "lines": lines_of(search_all_titles(text, limit=EACH)),
            "jobs": job_board.list_jobs(at=now(), text=text, limit=EACH),
        }
    return render(request, "backoffice/search.html", context)


def _by_id(text: str) -> tuple[str, UUID] | None:
    """Straight to what an id belongs to; jobs and files are found by the search itself."""
    try:
        some_id = UUID(text)
    except ValueError:
        return None
    if find_person(some_id):
        return "backoffice:person", some_id
    if some_id in list_titles([some_id]):
        return "backoffice:title", some_id
    if (purchase := find_purchase(some_id)) and purchase.payment_id:
        return "backoffice:payment", purchase.payment_id
    if found := list_payments(text=str(some_id), limit=1):
        return "backoffice:payment", found[0].id
    return None
