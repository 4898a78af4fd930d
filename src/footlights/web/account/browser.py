"""Which browser this is: a cookie of its own, apart from the session's, that scripts never read."""

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from footlights.kernel.ids import new_token

COOKIE = "__Host-device" if settings.SECURE else "device"
COOKIE_DAYS = 400  # as long as browsers keep one


def device_of(request: HttpRequest) -> str:
    """What tells this browser from others: its cookie and how it names itself, as a digest."""
    words = f"{token_of(request)}\n{request.META.get('HTTP_USER_AGENT', '')}"
    return hashlib.sha256(words.encode()).hexdigest()


def token_of(request: HttpRequest) -> str:
    """The browser's own secret; a new one goes out with the answer when it has none."""
    known: str | None = request.COOKIES.get(COOKIE) or getattr(request, "fresh_device", None)
    if known is None:
        known = new_token()
        request.fresh_device = known  # type: ignore[attr-defined]  # DeviceMiddleware reads it
    return known


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Send a browser the secret that this request made for it, if it made one."""
    if fresh := getattr(request, "fresh_device", None):
        response.set_cookie(
            COOKIE, fresh, max_age=COOKIE_DAYS * 86_400, httponly=True, secure=settings.SECURE, samesite="Lax"
        )
