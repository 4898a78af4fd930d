"""Sends the Content-Security-Policy with every answer. Almost all send the same one, so that one is written once.

The rules are in the settings; an answer that changes them (an embedded player) has its own written as before.
"""

from functools import cache

from csp.middleware import HEADER, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ContentPolicyMiddleware(CSPMiddleware):  # type: ignore[misc]  # django-csp is untyped here
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_special = any(name.startswith("_csp") for name in (*vars(response), *vars(request)))
        if is_special or settings.DEBUG:  # Django's own debugging pages have none
            special: HttpResponseBase = super().process_response(request, response)
            return special
        response.headers.setdefault(HEADER, _usual_policy())
        return response


@cache
def _usual_policy() -> str:
    return str(build_policy())
