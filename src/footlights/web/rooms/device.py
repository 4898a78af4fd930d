"""What a browser is known by in rooms: a cookie of its own, which outlives signing out and a new account.

Never read by scripts, and never stored by the service: only its keyed digest is, so that a ban holds on this device.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from footlights.accounts.api import address_network
from footlights.engagement.api import Came
from footlights.kernel.ids import new_token
from footlights.web.origin import address_of

COOKIE = "__Host-room" if settings.SECURE else "room"
COOKIE_DAYS = 365


def came(request: HttpRequest) -> Came:
    """With what they come; a browser that comes first has a fresh secret, for `remember`."""
    return Came(browser=request.COOKIES.get(COOKIE) or new_token(), network=address_network(address_of(request)))


def remember(response: HttpResponse, who: Came) -> None:
    response.set_cookie(
        COOKIE, who.browser, max_age=COOKIE_DAYS * 86_400, httponly=True, secure=settings.SECURE, samesite="Lax"
    )
