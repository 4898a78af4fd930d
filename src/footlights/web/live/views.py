"""The page of a broadcast, from its announcement to its end, and the gate to its keys."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from footlights.catalog.api import get_channel, get_title, is_visible, list_channels
from footlights.kernel.clock import now
from footlights.live.api import Broadcast, get_broadcast_by_token, list_coming, may_join, showing_of
from footlights.playback import api as playback
from footlights.subscriptions.api import list_plans
from footlights.web.paging import number_of
from footlights.web.watch.endpoints import answers_json, key_ids_of, read_body

FORBIDDEN, OK = 403, 200
PAGE_LENGTH = 24


@require_safe
def now_on(request: HttpRequest) -> HttpResponse:
    """What is on air, and what comes next, of every channel."""
    page = number_of(request)
    found = list_coming(limit=PAGE_LENGTH + 1, offset=(page - 1) * PAGE_LENGTH)
    channels = list_channels(each.channel_id for each in found)
    shown = [{"broadcast": each, "channel": channels[each.channel_id]} for each in found[:PAGE_LENGTH]]
    context = {"lines": shown, "page": page, "has_more": len(found) > PAGE_LENGTH}
    return render(request, "live/now.html", context)


@never_cache
@require_safe
def watch(request: HttpRequest, token: str) -> HttpResponse:
    """What is on, what will be, or what was; to whoever may not watch, how they may."""
    broadcast = get_broadcast_by_token(token, request.user.pk)
    is_open = may_join(broadcast, request.user.pk, now())
    context = {
        "broadcast": broadcast,
        "channel": get_channel(broadcast.channel_id),
        "is_open": is_open,
        "showing": showing_of(broadcast.id) if is_open else None,
        "plan": None if is_open else _plan_of(broadcast),
        "recording": _recording_of(broadcast, request),
        "licence_url": reverse("live:licence", args=[token]),
        "signed_in": request.user.is_authenticated,
    }
    return render(request, "live/watch.html", context, status=OK if is_open else FORBIDDEN)


@answers_json()
def licence(request: HttpRequest, token: str) -> HttpResponse:
    """A ClearKey licence for the broadcast, to whoever may see it now."""
    given = playback.issue_live_licence(
        token=token, viewer_id=request.user.pk, key_ids=key_ids_of(read_body(request)), at=now()
    )
    return JsonResponse(given)


def _plan_of(broadcast: Broadcast) -> str | None:
    """What the lowest membership that opens it is called, while it is offered."""
    plans = [each for each in list_plans(broadcast.channel_id) if each.tier >= (broadcast.tier or 1)]
    return min(plans, key=lambda each: each.tier).name if plans else None


def _recording_of(broadcast: Broadcast, request: HttpRequest) -> str | None:
    """Where its recording is, for those who may find it."""
    if broadcast.recording_title_id is None:
        return None
    title = get_title(broadcast.recording_title_id)
    return title.path if is_visible(title, request.user.pk, now()) else None
