from typing import Any

from django.conf import settings
from django.http import HttpRequest

from footlights.accounts.api import get_installation
from footlights.web.account.services import services
from footlights.web.second_factor import channels_closed_without_a_step


def installation(request: HttpRequest) -> dict[str, Any]:
    """For every page: `installation.name` and `.currency`, whether mails reach anybody, the `services`.

    Which channels shut for who removes their second step is asked only where a page tells it.
    """
    return {
        "installation": get_installation(),
        "mails_arrive": settings.MAILS_ARRIVE,
        "services": services,
        "channels_closed": lambda: channels_closed_without_a_step(request.user),
    }
