from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from footlights.accounts.api import has_any_person

OPEN_BEFORE_SETUP = {"welcome", "health"}


class FirstRunMiddleware:
    """Leads every page of an empty installation to its first run. Costs nothing once somebody is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        match = request.resolver_match
        if (match and match.app_name in OPEN_BEFORE_SETUP) or has_any_person():
            return None
        return redirect("welcome:home")
