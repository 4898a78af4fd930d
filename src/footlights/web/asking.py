"""What a request says of how it was sent: by a person who opens a page, or by a script; and from which page."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def page_of(request: HttpRequest) -> str:
    """The page the person looks at: this one, or the one they sent a form from."""
    if request.method in {"GET", "HEAD"} and not getattr(request, "htmx", False):
        return request.get_full_path()
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return settings.LOGIN_REDIRECT_URL
    return page.removeprefix(f"{request.scheme}://{request.get_host()}")


def is_of_script(request: HttpRequest) -> bool:
    return (
        request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
        or "Tus-Resumable" in request.headers
        or request.content_type == "application/json"
    )
