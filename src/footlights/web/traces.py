"""A trace of each request, when a collector is set: its route, its answer, its id. Never its address or its sender.

An address may hold what opens something; a route's name does not.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from footlights.audit.api import current_origin
from footlights.kernel import tracing

METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
BROKEN = 500


class TraceMiddleware:
    """In the settings only when a collector is; inside the origin's, whose request id it tells."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        method = request.method if request.method in METHODS else "_OTHER"
        request_id = str(current_origin().request_id)
        with tracing.begin(
            method, kind="server", http__request__method=method, footlights__request_id=request_id
        ) as span:
            response = self.get_response(request)
            route = request.resolver_match.view_name if request.resolver_match else "none"
            span.rename(f"{method} {route}")
            span.note(http__route=route, http__response__status_code=response.status_code)
            if response.status_code >= BROKEN:
                span.fail(str(response.status_code))
            return response
