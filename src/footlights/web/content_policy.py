"""Sends with every answer what browsers hold a page to: the Content-Security-Policy, what it may use, who may keep it.

Almost all send the same policy, so that one is written once. The rules are in the settings; an answer that changes them
(an embedded player) has its own written as before. What says nothing else is private and kept nowhere.
"""

from functools import cache

from csp.middleware import HEADER, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

UNUSED = (
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid"),
    *("magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking"),
)


def permissions(*allowed: str) -> str:
    """What a page may ask its visitor for: of what nobody needs, nothing but `allowed`."""
    return ", ".join(f"{each}=({'self' if each in allowed else ''})" for each in UNUSED)


DEFAULTS = (
    ("Cache-Control", "private, no-store"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", permissions()),
)


class ContentPolicyMiddleware(CSPMiddleware):  # type: ignore[misc]  # django-csp is untyped here
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        for name, value in DEFAULTS:
            response.headers.setdefault(name, value)
        is_special = any(name.startswith("_csp") for name in (*vars(response), *vars(request)))
        if is_special or settings.DEBUG:  # Django's own debugging pages have none
            special: HttpResponseBase = super().process_response(request, response)
            return special
        response.headers.setdefault(HEADER, _usual_policy())
        return response


@cache
def _usual_policy() -> str:
    return str(build_policy())
