"""Going live: what is planned, one broadcast's control room, and the key that encoders send with."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from footlights.accounts.api import Permission, get_installation
from footlights.catalog import api as catalog
from footlights.giving import api as giving
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError
from footlights.live import api as live
from footlights.live.api import Broadcast, State, WrongMomentError
from footlights.monetization import api as monetization
from footlights.subscriptions.api import list_plans
from footlights.web.access import let_in
from footlights.web.account.proof import require_proof
from footlights.web.content_policy import permissions
from footlights.web.live.cards import cards_of
from footlights.web.rooms.subjects import room_beside
from footlights.web.rooms.views import panel_context
from footlights.web.studio.answers import CONFLICT, UNPROCESSABLE
from footlights.web.studio.broadcast_form import BroadcastForm
from footlights.web.studio.current import StudioRequest, View, person_id, with_channel
from footlights.web.studio.forms import blame
from footlights.web.studio.pictures import keep_picture
from footlights.web.studio.signal_words import lines_of

POLL_S = 3


def with_broadcast(view: View) -> View:
    """Give the view its broadcast, and `request.channel`, if the person may do that there."""

    @wraps(view)
    def wrapped(request: StudioRequest, broadcast_id: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        broadcast = live.get_managed_broadcast(broadcast_id, person_id(request))
        memberships = catalog.list_memberships(person_id(request))
        [mine] = [each for each in memberships if each.channel.id == broadcast.channel_id]
        let_in(request, mine.role)
        request.channels = [each.channel for each in memberships]
        request.channel = mine.channel
        return view(request, broadcast, *args, **kwargs)

    return wrapped


@never_cache
@require_safe
@with_channel
def show(request: StudioRequest) -> HttpResponse:
    broadcasts = live.list_broadcasts(request.channel.id)
    context = {
        "section": "live",
        "ahead": [each for each in broadcasts if not each.is_over],
        "over": [each for each in broadcasts if each.is_over],
        "may_edit": Permission.EDIT_TITLES in request.may,
    }
    return render(request, "studio/live.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_channel
def plan(request: StudioRequest) -> HttpResponse:
    plans = list_plans(request.channel.id)
    currency = get_installation().currency
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = BroadcastForm(*sent, plans=plans, currency=currency)

    def keep() -> Broadcast:
        channel_id, editor_id = request.channel.id, person_id(request)
        new = replace(form.new, poster_id=_poster(request, form, None))
        return live.plan_broadcast(channel_id=channel_id, editor_id=editor_id, new=new, at=now())

    return _kept(request, form, keep, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_broadcast
def edit(request: StudioRequest, broadcast: Broadcast) -> HttpResponse:
    plans = list_plans(request.channel.id)
    currency = get_installation().currency
    if request.method == "POST":
        form = BroadcastForm(request.POST, request.FILES, plans=plans, currency=currency)
    else:
        ticket = monetization.find_ticket_offer(broadcast.id)
        form = BroadcastForm.of(broadcast, plans=plans, currency=currency, ticket=ticket)

    def keep() -> Broadcast:
        new = replace(form.new, poster_id=_poster(request, form, broadcast.poster_id))
        return live.change_broadcast(broadcast_id=broadcast.id, editor_id=person_id(request), new=new, at=now())

    return _kept(request, form, keep, broadcast)


def _kept(
    request: StudioRequest, form: BroadcastForm, keep: Callable[[], Broadcast], broadcast: Broadcast | None
) -> HttpResponse:
    """Keep what a good form says and lead to its broadcast; else show the form."""
    if form.is_bound and form.is_valid():
        try:
            return redirect("studio:broadcast", keep().id)
        except InvalidInputError as error:
            blame(form, error)
        except WrongMomentError as error:
            form.add_error(None, str(error))
    poster = cards_of([broadcast], request.channel)[0].poster if broadcast and broadcast.poster_id else None
    context = {"section": "live", "form": form, "broadcast": broadcast, "poster": poster}
    return render(request, "studio/broadcast_form.html", context, status=UNPROCESSABLE if form.errors else 200)


def _poster(request: StudioRequest, form: BroadcastForm, was: UUID | None) -> UUID | None:
    """What was uploaded replaces; a ticked "remove" leaves none; else it stays. Raises InvalidInputError."""
    if file := form.cleaned_data["poster"]:
        return keep_picture(request.channel.owner_id, file, purpose="poster", field="poster")
    return None if request.POST.get("poster_removed") else was


@never_cache
@require_safe
@with_broadcast
def broadcast(request: StudioRequest, broadcast: Broadcast) -> HttpResponse:
    """The control room."""
    room = room_beside(broadcast)
    context = _control(request, broadcast) | _screen(request, broadcast)
    context |= {
        "section": "live",
        **(panel_context(request, room) if room else {}),
        "server_url": settings.RTMP_URL,
        "backup_url": settings.RTMP_BACKUP_URL,
        "page_url": settings.SITE_URL + reverse("live:watch", args=[broadcast.token]),
        **(_tickets(broadcast) if Permission.SEE_EARNINGS in request.may else {}),
        "may_give_back": broadcast.is_over and Permission.REFUND_SALES in request.may,
    }
    answer = render(request, "studio/broadcast.html", context)
    answer.headers["Permissions-Policy"] = permissions("camera", "microphone", "display-capture")
    return answer


def _tickets(broadcast: Broadcast) -> dict[str, Any]:
    """What those that were bought brought, and those that were given to somebody."""
    return {
        "tickets": monetization.ticket_sales(broadcast.id),
        "given_tickets": giving.gift_totals(broadcast.channel_id, broadcast_id=broadcast.id),
    }


@require_POST
@with_broadcast
def camera(request: StudioRequest, broadcast: Broadcast) -> JsonResponse:
    """What the page's script needs to send the camera's picture."""
    try:
        camera_pass = live.pass_for_camera(broadcast_id=broadcast.id, editor_id=person_id(request))
    except WrongMomentError as error:
        return JsonResponse({"error": {"code": error.code, "message": str(error)}}, status=CONFLICT)
    return JsonResponse({"pass": camera_pass})


@never_cache
@require_safe
@with_broadcast
def signal(request: StudioRequest, broadcast: Broadcast) -> HttpResponse:
    """What arrives, for the page that asks every few seconds."""
    return render(request, "studio/broadcast_signal.html", _control(request, broadcast))


@require_POST
@with_broadcast
def go_on_air(request: StudioRequest, broadcast: Broadcast) -> HttpResponse:
    try:
        live.go_on_air(broadcast_id=broadcast.id, editor_id=person_id(request), at=now())
    except WrongMomentError as error:
        messages.error(request, str(error))
    if request.htmx:
        began = live.get_managed_broadcast(broadcast.id, person_id(request))
        return render(request, "studio/broadcast_began.html", _control(request, began) | _screen(request, began))
    return redirect("studio:broadcast", broadcast.id)


@require_POST
@with_broadcast
def end(request: StudioRequest, broadcast: Broadcast) -> HttpResponse:
    ended = live.end_broadcast(broadcast_id=broadcast.id, editor_id=person_id(request), at=now())
    if ended.state is State.CANCELLED:
        messages.success(request, _("It is cancelled. Its page says so; whoever had a ticket gets the money back."))
        return redirect("studio:live")
    return redirect("studio:broadcast", broadcast.id)


@require_POST
@with_broadcast
def give_back(request: StudioRequest, broadcast: Broadcast) -> HttpResponse:
    """Everybody who paid for a ticket gets the money back."""
    require_proof(request)
    try:
        monetization.give_back_tickets(broadcast_id=broadcast.id, by_id=person_id(request), at=now())
    except InvalidInputError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("All tickets are on their way back. Their buyers see the money in a few days."))
    return redirect("studio:broadcast", broadcast.id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_channel
def stream_key(request: StudioRequest) -> HttpResponse:
    """The key in the clear, after a proof; sending the form makes a new one."""
    channel_id, editor_id = request.channel.id, person_id(request)
    if request.method == "POST":
        live.change_stream_key(channel_id=channel_id, editor_id=editor_id, at=now())
        messages.success(request, _("That is the new key. Whoever sends with the old one is out."))
        return redirect("studio:stream_key")
    key = live.get_stream_key(channel_id=channel_id, editor_id=editor_id, at=now())
    context = {"section": "live", "key": key, "server_url": settings.RTMP_URL, "backup_url": settings.RTMP_BACKUP_URL}
    return render(request, "studio/stream_key.html", context)


def _screen(request: StudioRequest, broadcast: Broadcast) -> dict[str, Any]:
    """What is sent, as viewers see it."""
    return {
        "poster": cards_of([broadcast], request.channel)[0].poster,
        "showing": live.showing_of(broadcast.id, is_preview=broadcast.state is not State.ON_AIR),
        "licence_url": reverse("live:licence", args=[broadcast.token]),
    }


def _control(request: HttpRequest, broadcast: Broadcast) -> dict[str, Any]:
    """What the panel of buttons and figures shows."""
    is_sending = broadcast.signal.is_sending and not broadcast.is_over
    return {
        "broadcast": broadcast,
        "is_sending": is_sending,
        "lines": lines_of(broadcast) if is_sending else [],
        "may_edit": Permission.EDIT_TITLES in request.may,  # type: ignore[attr-defined]  # of StudioRequest
        "poll_s": POLL_S,
    }
