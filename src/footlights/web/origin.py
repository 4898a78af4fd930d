"""Where each request comes from: gives it an id, and tells the trail who asks and from which address.

The id is in the answer's X-Request-Id, in the trail and in every line the request logs. Costs no query: who somebody
is is asked when something is recorded.
"""

from collections.abc import Callable
from functools import partial
from ipaddress import ip_address
from uuid import UUID

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from footlights.audit.api import Origin, acting
from footlights.kernel.ids import new_id

HEADER = "X-Request-Id"


class OriginMiddleware:
    """Comes first, so that everything which happens in a request has its origin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = new_id()
        origin = Origin(person=partial(_person_of, request), address=address_of(request), request_id=request_id)
        with acting(origin), structlog.contextvars.bound_contextvars(request_id=str(request_id)):
            response = self.get_response(request)
        response.headers[HEADER] = str(request_id)
        return response


def address_of(request: HttpRequest) -> str | None:
    """The address the edge saw. What a sender claims for itself stands further left in X-Forwarded-For and is ignored.

    Every trusted proxy adds one entry at the end, so the n-th from the end is what the outermost of them saw.
    """
    entries = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",")]
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    text = entries[-trusted] if trusted and len(entries) >= trusted else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(text))
    except ValueError:
        return None  # a socket has none


def _person_of(request: HttpRequest) -> UUID | None:
    user = getattr(request, "user", None)
    return user.pk if user is not None else None
