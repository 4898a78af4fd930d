"""Which channel the studio is about: the one chosen last, else the first, and what the person may do there.

Nobody gets into another's: what their role on the channel does not open is not there for them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from footlights.accounts.api import Permission, Role
from footlights.catalog import api as catalog
from footlights.catalog.api import Channel, Title
from footlights.web.access import let_in

SESSION_KEY = "studio_channel"

View = Callable[..., HttpResponseBase]


class StudioRequest(HttpRequest):
    """What a view of the studio is given: a signed-in person, what they may do, their channels, and the one in hand."""

    user: Any
    htmx: Any
    role: Role
    may: frozenset[Permission]
    channel: Channel
    channels: list[Channel]


def person_id(request: HttpRequest) -> UUID:
    return cast("UUID", request.user.pk)


def parts_for(request: StudioRequest) -> dict[str, bool]:
    """Which parts of a page are there for this role."""
    return {
        "may_edit": Permission.EDIT_TITLES in request.may,
        "may_price": Permission.SET_PRICES in request.may,
        "may_see_views": Permission.SEE_VIEWS in request.may,
        "may_share": Permission.SHARE_EARNINGS in request.may,
        "may_see_money": Permission.SEE_EARNINGS in request.may,
    }


def with_channel(view: View) -> View:
    """Give the view `request.channel`; somebody without one is led to opening it."""

    @wraps(view)
    def wrapped(request: StudioRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        memberships = catalog.list_memberships(person_id(request))
        if not memberships:
            return redirect("studio:channel_new")
        chosen = request.session.get(SESSION_KEY)
        current = next((each for each in memberships if str(each.channel.id) == chosen), memberships[0])
        let_in(request, current.role)
        request.channels = [each.channel for each in memberships]
        request.channel = current.channel
        return view(request, *args, **kwargs)

    return wrapped


def with_title(view: View) -> View:
    """Give the view its title instead of the id, if the person may do that to it. To others there is no such page."""

    @wraps(view)
    def wrapped(request: HttpRequest, title_id: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        title, role = catalog.get_managed_title(title_id, person_id(request))
        let_in(request, role)
        return view(request, title, *args, **kwargs)

    return wrapped


def managed_title(request: HttpRequest, title_id: UUID) -> Title:
    """The title anew, after something was done to it."""
    return catalog.get_managed_title(title_id, person_id(request))[0]
