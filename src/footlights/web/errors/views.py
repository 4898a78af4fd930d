"""What people see when a page cannot be shown. Needs no database, no session: it must work when those do not."""

import sys

import psycopg
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from footlights.accounts.api import tell_limited
from footlights.kernel.clock import now

RETRY_AFTER_S = 10


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django passes it
    """404, also for what exists but is not this person's to see."""
    return _page(request, "missing", 404)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django passes it
    return _page(request, "denied", 403)


def only_a_form(request: HttpRequest) -> HttpResponse:
    """405, of an address that somebody opened and that takes only what a form sends."""
    return _page(request, "only_a_form", 405)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django passes it
    return _page(request, "unreadable", 400)


def broken(request: HttpRequest) -> HttpResponse:
    """500; while the database is away or has no space, 503: asking again in a moment is worth it."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError) or isinstance(getattr(error, "__cause__", None), psycopg.OperationalError):
        answer = _page(request, "interval", 503)
        answer.headers["Retry-After"] = str(RETRY_AFTER_S)
        return answer
    return _page(request, "broken", 500)


def too_often(request: HttpRequest) -> HttpResponse:
    """429, of whatever django-allauth limits by address. A sign-in that is turned away so is counted."""
    if request.method == "POST" and request.resolver_match and request.resolver_match.view_name == "account_login":
        tell_limited(request.POST.get("login", ""), at=now())
    return render(request, "429.html", status=429)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django passes it
    """A form whose token does not fit: an old page, or one that came from another site."""
    return _page(request, "stale_form", 403)


def _page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    context = {
        "theme_choice": request.COOKIES.get("theme"),
        "installation": {"name": settings.SITE_NAME},
        "again": request.get_full_path() if request.method in {"GET", "HEAD"} else "",
    }
    return HttpResponse(get_template(f"errors/{name}.html").render(context), status=status)
