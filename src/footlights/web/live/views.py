"""The page of a broadcast, from its announcement to its end, and the gate to its keys."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from footlights.catalog.api import get_channel, get_title, is_visible
from footlights.kernel.clock import now
from footlights.live.api import (
    Access,
    Broadcast,
    Replay,
    decide_joining,
    get_broadcast_by_token,
    list_coming,
    showing_of,
)
from footlights.monetization.api import find_ticket_offer, may_watch
from footlights.playback import api as playback
from footlights.subscriptions.api import list_plans
from footlights.web.live.cards import cards_of
from footlights.web.live.reminding import reminder_context
from footlights.web.paging import number_of
from footlights.web.rooms.subjects import room_beside
from footlights.web.rooms.views import panel_context
from footlights.web.storefront.title_page import picture_url_of
from footlights.web.storefront.ways import label_of
from footlights.web.watch.endpoints import answers_json, key_ids_of, read_body
from footlights.web.whereabouts import reach_of_request

PAGE_LENGTH = 24


@require_safe
def now_on(request: HttpRequest) -> HttpResponse:
    """What is on air, and what comes next, of every channel."""
    page = number_of(request)
    found = list_coming(at=now(), limit=PAGE_LENGTH + 1, offset=(page - 1) * PAGE_LENGTH)
    context = {"cards": cards_of(found[:PAGE_LENGTH]), "page": page, "has_more": len(found) > PAGE_LENGTH}
    return render(request, "live/now.html", context)


@never_cache
@require_safe
def watch(request: HttpRequest, token: str) -> HttpResponse:
    """What is on, what will be, or what was; to whoever may not watch, how they may: found and shared like any page."""
    broadcast, at = get_broadcast_by_token(token, request.user.pk), now()
    decision = decide_joining(broadcast, request.user.pk, at)
    is_open = decision.allowed
    room = room_beside(broadcast) if is_open else None
    channel = get_channel(broadcast.channel_id)
    [card] = cards_of([broadcast], channel)
    context = {
        "broadcast": broadcast,
        "channel": channel,
        "poster": card.poster,
        "picture_url": picture_url_of(card.poster),
        "url": settings.SITE_URL + request.path,
        "is_open": is_open,
        "showing": showing_of(broadcast.id) if is_open else None,
        "plan": None if is_open else _plan_of(broadcast),
        "decision": decision,
        "ticket": None if is_open else _ticket_to(broadcast, request, at),
        "recording": _recording_of(broadcast, request),
        "is_shared": broadcast.replay is Replay.SHARED,
        "screen_state": "ended" if broadcast.is_over else "",
        "licence_url": reverse("live:licence", args=[token]),
        "signed_in": request.user.is_authenticated,
        **reminder_context(request, broadcast),
        **(panel_context(request, room) if room else {}),
    }
    return render(request, "live/watch.html", context)


@answers_json()
def licence(request: HttpRequest, token: str) -> HttpResponse:
    """A ClearKey licence for the broadcast, to whoever may see it now."""
    given = playback.issue_live_licence(
        token=token, viewer_id=request.user.pk, key_ids=key_ids_of(read_body(request)), at=now()
    )
    return JsonResponse(given)


def _ticket_to(broadcast: Broadcast, request: HttpRequest, at: datetime) -> dict[str, Any] | None:
    """What a ticket costs this reader, and what it opens; None where none is sold."""
    offer = find_ticket_offer(broadcast.id, reach_of_request(request)) if broadcast.access is Access.TICKETS else None
    if offer is None:
        return None
    return {
        "offer": offer,
        "label": label_of(offer, at),
        "href": reverse("checkout:ticket", args=[broadcast.token, offer.id]),
        "is_early": offer.is_early(at),
    }


def _plan_of(broadcast: Broadcast) -> str | None:
    """What the lowest membership that opens it is called, while it is offered."""
    if broadcast.access is not Access.MEMBERS and broadcast.tier is None:
        return None
    plans = [each for each in list_plans(broadcast.channel_id) if each.tier >= (broadcast.tier or 1)]
    return min(plans, key=lambda each: each.tier).name if plans else None


def _recording_of(broadcast: Broadcast, request: HttpRequest) -> str | None:
    """Where its recording is, for those who may find it, or see it by their ticket."""
    if broadcast.recording_title_id is None:
        return None
    title, at = get_title(broadcast.recording_title_id), now()
    if not title.playable:
        return None
    is_theirs = is_visible(title, request.user.pk, at) or may_watch(request.user.pk, title.id, at).allowed
    return f"{title.path}/watch" if is_theirs else None
