"""Sends the form that waited for a proof: once, as the same person, under the same rules as any other."""

import io
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.views.decorators.http import require_GET
from django_htmx.middleware import HtmxDetails

from footlights.web.access import refuse
from footlights.web.account.proof import take_kept

REDIRECTS = 300  # and above


@require_GET
def go_on(request: HttpRequest, kept: str) -> HttpResponse:
    """Do what was asked for before the proof. Whoever comes back to this address later is led to the form's page."""
    form, page = take_kept(request, kept)
    if form is None:
        return redirect(page)
    answer = _send_again(request, form, page)
    is_part_of_page = form["htmx"] and answer.status_code < REDIRECTS
    return redirect(page) if is_part_of_page else answer


def _send_again(request: HttpRequest, form: dict[str, Any], page: str) -> HttpResponse:
    """The view's answer to the form, as if it were sent now, by the same person, under the same rules."""
    path, _question, query = form["path"].partition("?")
    body = form["body"].encode()
    again = WSGIRequest(
        {
            **request.META,
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_REFERER": request.build_absolute_uri(page),
            "wsgi.input": io.BytesIO(body),
        }
    )
    for name in ("session", "user", "allauth", "_messages", "LANGUAGE_CODE"):
        if hasattr(request, name):
            setattr(again, name, getattr(request, name))
    again.htmx = HtmxDetails(again)  # type: ignore[attr-defined]  # django-htmx adds it to every request
    again.csrf_processing_done = True  # type: ignore[attr-defined]  # it was checked when the form was sent
    again.resolver_match = resolve(path)
    view, args, kwargs = again.resolver_match
    answer: HttpResponse = refuse(again) or view(again, *args, **kwargs)
    return answer
