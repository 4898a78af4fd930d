"""What somebody may do with the tax details we keep of them: take a copy, have them erased."""

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from footlights.accounts.api import find_taxpayer
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.sellers.api import erase_details
from footlights.web.access import person_id_of


def copy_of_details(request: HttpRequest) -> HttpResponse:
    """All of it as JSON (Regulation (EU) 2016/679 articles 15 and 20). Raises NotFoundError where nothing is kept."""
    kept = find_taxpayer(person_id_of(request))
    if kept is None:
        raise NotFoundError("Nothing is kept.")
    body = msgspec.json.format(msgspec.json.encode(kept), indent=2)
    headers = {"Content-Disposition": 'attachment; filename="tax-details.json"', "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type="application/json", headers=headers)


def erase(request: HttpRequest, *, back: str) -> HttpResponse:
    """What no law asks for at once (article 17); the rest on its day (article 17(3)(b))."""
    until = erase_details(person_id=person_id_of(request), at=now())
    if until is None:
        messages.success(request, _("Erased."))
    else:
        words = {"day": date_format(until, "DATE_FORMAT")}
        messages.info(request, _("The law makes us keep them for now. They are erased on %(day)s.") % words)
    return redirect(back)
