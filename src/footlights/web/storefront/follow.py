"""Following a channel: it costs nothing, asks for an account, and opens what is for followers."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from footlights.catalog.api import Channel, follow_channel, get_channel_by_handle, is_follower, unfollow_channel
from footlights.kernel.clock import now
from footlights.kernel.errors import NotFoundError
from footlights.web.access import person_id_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, handle: str) -> HttpResponse:
    """Ask, and follow; or, of a channel one follows, end it with `drop`."""
    try:
        channel = get_channel_by_handle(handle)
    except NotFoundError as error:
        raise Http404 from error
    person_id = person_id_of(request)
    if request.method != "POST":
        context = {
            "channel": channel,
            "is_following": is_follower(channel.id, person_id),
            "back": _back(request, channel, request.GET.get("next", "")),
        }
        return render(request, "storefront/follow.html", context)
    if request.POST.get("drop"):
        unfollow_channel(channel_id=channel.id, person_id=person_id)
        messages.success(request, _("You do not follow %(channel)s any more.") % {"channel": channel.name})
    else:
        follow_channel(channel_id=channel.id, person_id=person_id, at=now())
        messages.success(request, _("You follow %(channel)s.") % {"channel": channel.name})
    return redirect(_back(request, channel, request.POST.get("next", "")))


def _back(request: HttpRequest, channel: Channel, asked: str) -> str:
    """Where they came from, on this service; else the channel."""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else channel.path
