"""The channels one follows, and the end of that, in place."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from footlights.catalog.api import list_followed
from footlights.web.access import person_id_of


@never_cache
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    return render(request, "account/following.html", {"followed": list_followed(person_id_of(request))})
