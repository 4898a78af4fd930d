from django.http import HttpRequest

from footlights.accounts.api import Installation, get_installation


def installation(request: HttpRequest) -> dict[str, Installation]:  # noqa: ARG001  Django passes it
    """`installation.name` and `installation.currency` for every page."""
    return {"installation": get_installation()}
