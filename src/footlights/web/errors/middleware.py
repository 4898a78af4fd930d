from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from footlights.web.errors.views import only_a_form


class OnlyAFormMiddleware:
    """Whoever opens an address that only takes what a form sends is told so, instead of seeing nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self._get_response(request)
        if request.method != "GET" or not isinstance(answer, HttpResponseNotAllowed):
            return answer
        told = only_a_form(request)
        told.headers["Allow"] = answer.headers["Allow"]
        return told
