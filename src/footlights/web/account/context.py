from django.conf import settings
from django.http import HttpRequest

from footlights.accounts.api import Installation, get_installation


def installation(request: HttpRequest) -> dict[str, Installation | bool]:  # noqa: ARG001  Django passes it
    """`installation.name` and `installation.currency` for every page, and whether mails reach anybody."""
    return {"installation": get_installation(), "mails_arrive": bool(settings.ENVIRONMENT.mail_url)}
