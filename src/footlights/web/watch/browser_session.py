"""The secret a playback token is bound to: the sign-in session's cookie, or a cookie of its own for anonymous viewers.

Never read by scripts, never stored by the service (only its digest is). The anonymous one also has to work inside
another website's frame, where browsers keep a separate jar for each website (CHIPS).
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from footlights.kernel.ids import new_token

COOKIE = "__Host-screen" if settings.SECURE else "screen"
COOKIE_DAYS = 30


def session_keys(request: HttpRequest) -> list[str]:
    """The secrets this browser showed: a token bound to any of them is its own. Reads cookies only, no database."""
    return [
        f"{kind}:{value}"
        for kind, name in (("account", settings.SESSION_COOKIE_NAME), ("screen", COOKIE))
        if (value := request.COOKIES.get(name))
    ]


def session_key_for_start(request: HttpRequest) -> tuple[str, str | None]:
    """The secret to bind a new token to, and the new anonymous one to remember when the browser had none."""
    if request.user.is_authenticated and (value := request.COOKIES.get(settings.SESSION_COOKIE_NAME)):
        return f"account:{value}", None
    if value := request.COOKIES.get(COOKIE):
        return f"screen:{value}", None
    fresh = new_token()
    return f"screen:{fresh}", fresh


def remember(response: HttpResponse, secret: str) -> None:
    response.set_cookie(
        COOKIE, secret, max_age=COOKIE_DAYS * 86_400, httponly=True, secure=settings.SECURE,
        samesite="None" if settings.SECURE else "Lax",
    )  # fmt: skip
    if settings.SECURE:  # http.cookies of Python < 3.14 cannot write this attribute, so it goes in with the path
        response.cookies[COOKIE]["path"] = "/; Partitioned"
