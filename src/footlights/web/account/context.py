from typing import Any

from django.conf import settings
from django.http import HttpRequest

from footlights.accounts.api import get_installation
from footlights.web.account.services import services


def installation(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001  Django passes it
    """For every page: `installation.name` and `.currency`, whether mails reach anybody, the `services`."""
    return {
        "installation": get_installation(),
        "mails_arrive": bool(settings.ENVIRONMENT.mail_url),
        "services": services,
    }
