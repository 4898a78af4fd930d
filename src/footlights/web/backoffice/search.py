"""One box that finds what its reader may see: people, titles, jobs, payments by any id, amount or buyer."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from footlights.accounts.api import Permission, find_person, search_persons
from footlights.catalog.api import list_titles, search_all_titles
from footlights.invoicing.api import find_by_number
from footlights.kernel import job_board
from footlights.kernel.clock import now
from footlights.monetization.api import find_purchase
from footlights.payments.api import list_payments
from footlights.web.access import BackofficeRequest
from footlights.web.backoffice.payments import find_payments
from footlights.web.backoffice.titles import lines_of
from footlights.web.paging import asked_in

EACH = 8


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    text, may = asked_in(request), cast("BackofficeRequest", request).may
    if Permission.SEE_PAYMENTS in may and (document := find_by_number(text)):
        return redirect("backoffice:document", document.id)
    if found := _by_id(text, may):
        return redirect(*found)
    context: dict[str, object] = {"asked": text}
    searches: dict[str, tuple[Permission, Callable[[], object]]] = {
        "people": (Permission.SEE_PEOPLE, lambda: search_persons(text, limit=EACH)),
        "payments": (Permission.SEE_PAYMENTS, lambda: find_payments(text, limit=EACH)),
        "lines": (Permission.SEE_ALL_TITLES, lambda: lines_of(search_all_titles(text, limit=EACH))),
        "jobs": (Permission.RUN_JOBS, lambda: job_board.list_jobs(at=now(), text=text, limit=EACH)),
    }
    if text:
        context |= {name: find() for name, (needed, find) in searches.items() if needed in may}
    return render(request, "backoffice/search.html", context)


def _by_id(text: str, may: frozenset[Permission]) -> tuple[str, UUID] | None:
    """Straight to what an id belongs to; jobs and files are found by the search itself."""
    try:
        some_id = UUID(text)
    except ValueError:
        return None
    if Permission.SEE_PEOPLE in may and find_person(some_id):
        return "backoffice:person", some_id
    if Permission.SEE_ALL_TITLES in may and some_id in list_titles([some_id]):
        return "backoffice:title", some_id
    return _payment_of(some_id) if Permission.SEE_PAYMENTS in may else None


def _payment_of(some_id: UUID) -> tuple[str, UUID] | None:
    if (purchase := find_purchase(some_id)) and purchase.payment_id:
        return "backoffice:payment", purchase.payment_id
    found = list_payments(text=str(some_id), limit=1)
    return ("backoffice:payment", found[0].id) if found else None
