"""Which channel the studio is about: the one chosen last, else the first. Nobody gets another's."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from footlights.catalog import api as catalog
from footlights.catalog.api import Channel, Title
from footlights.kernel.errors import NotFoundError

SESSION_KEY = "studio_channel"

View = Callable[..., HttpResponse]


class StudioRequest(HttpRequest):
    """What a view of the studio is given: a signed-in person, their channels, and the one in hand."""

    user: Any
    htmx: Any
    channel: Channel
    channels: list[Channel]


def person_id(request: HttpRequest) -> UUID:
    return cast("UUID", request.user.pk)


def with_channel(view: View) -> View:
    """Give the view `request.channel`; somebody without one is led to opening it."""

    @wraps(view)
    def wrapped(request: StudioRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.channels = catalog.list_channels_of(person_id(request))
        if not request.channels:
            return redirect("studio:channel_new")
        chosen = request.session.get(SESSION_KEY)
        request.channel = next((c for c in request.channels if str(c.id) == chosen), request.channels[0])
        return view(request, *args, **kwargs)

    return wrapped


def with_title(view: View) -> View:
    """Give the view its title instead of the id, if the person manages it. To others there is no such page."""

    @wraps(view)
    def wrapped(request: HttpRequest, title_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, managed_title(request, title_id), *args, **kwargs)

    return wrapped


def managed_title(request: HttpRequest, title_id: UUID) -> Title:
    try:
        return catalog.get_managed_title(title_id, person_id(request))
    except NotFoundError as error:
        raise Http404 from error
