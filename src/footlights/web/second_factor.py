"""Whether somebody's role needs a second step of signing in, and leading whoever has none to where it is set up."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from footlights.accounts.api import Role, count_second_factors, has_second_factor, needs_second_factor
from footlights.catalog.api import list_memberships
from footlights.kernel.errors import FootlightsError
from footlights.web.asking import is_of_script, page_of


class SecondFactorRequiredError(FootlightsError):
    """Set up a second step first."""

    code = "second_factor_required"


def lacks_second_factor(user: Any, roles: Iterable[Role]) -> bool:
    needs = needs_second_factor(roles=roles, is_required=settings.SECOND_FACTOR_REQUIRED)
    return needs and not has_second_factor(user.pk)


def channels_closed_without_a_step(user: Any) -> list[str]:
    """The names of the channels whose studio shuts for somebody who removes what is their only second step."""
    if not user.is_authenticated or count_second_factors(user.pk) > 1:
        return []
    works_on = list_memberships(user.pk)
    return [
        each.channel.name
        for each in works_on
        if needs_second_factor(roles=[each.role], is_required=settings.SECOND_FACTOR_REQUIRED)
    ]


def ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    """Lead somebody whose role needs one to where it is set up; a script is told why."""
    address = f"{reverse('mfa_index')}?{urlencode({'next': page_of(request)})}"
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    if is_of_script(request):
        return HttpResponse("Set up a second step first.", status=403, content_type="text/plain")
    return redirect(address)
